//! What holds of every plugin of samples, in whatever language it was written.

use plugin_host::Plugin;

use crate::plain::{Point, Samples, sample};

pub(crate) fn it_is_shared_in_place_and_moved_as_it_is(plugin: Plugin<dyn Samples>) {
    let mut samples: Vec<_> = (0..1_000_000).map(sample).collect();
    assert_eq!(plugin.address(&samples), samples.as_ptr().addr(), "nothing was copied");
    plugin.scale(&mut samples, 2.0);
    assert_eq!(samples[3].value, 6.0);
    plugin.scale(&mut [], 2.0);
    assert_eq!(plugin.make(3), plugin.own());
    assert_eq!(plugin.largest(plugin.make(5)), Some(sample(4)));
    assert_eq!(plugin.largest(Vec::new()), None);
    let mut bytes = [0; 5];
    plugin.fill(&mut bytes[1..4], 7);
    assert_eq!(bytes, [0, 7, 7, 7, 0]);
    assert_eq!(plugin.shift(sample(1), Point([1.0, 1.0, 0.5])).at, Point([2.0, 0.0, 1.0]));
}
