//! Every type that crosses, there and back: what a loaded plugin returns is what the same code returns linked in.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/echo.rs"]
pub mod echo;
#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/pour.rs"]
pub mod pour;

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr, SocketAddrV6};
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use echo::{
    Chain, Echo, Level, Maps, Mirror, Moments, Named, Options, Pair, Products, Remark, Shape, Tree, Unit,
};
use plugin_contracts::{Buf, Sink, Text};
use plugin_host::Plugin;
use plugin_tests::fixture;
use pour::Pour;
use proptest::collection::{btree_map, btree_set, hash_map, hash_set, vec};
use proptest::option;
use proptest::prelude::*;

static LOADED: LazyLock<Plugin<dyn Echo>> = LazyLock::new(|| {
    // SAFETY: the file is built by this test.
    unsafe { Plugin::load(fixture("echo")) }.unwrap()
});
static LENT: LazyLock<Plugin<dyn Echo>> = LazyLock::new(|| {
    // SAFETY: the file is built by this test.
    unsafe { Plugin::load(fixture("lent-echo")) }.unwrap()
});
static LINKED: LazyLock<Plugin<dyn Echo>> = LazyLock::new(|| Plugin::linked(Mirror));

/// The plugin that writes, loaded and linked in.
fn pours() -> &'static [Plugin<dyn Pour>; 2] {
    static POURS: LazyLock<[Plugin<dyn Pour>; 2]> = LazyLock::new(|| {
        // SAFETY: the file is built by this test.
        let loaded = unsafe { Plugin::load(fixture("echo")) }.unwrap();
        [loaded, Plugin::linked(Mirror)]
    });
    &POURS
}

fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..20).prop_map(String::from_iter)
}

fn level() -> impl Strategy<Value = Level> {
    prop_oneof![Just(Level::Low), Just(Level::Middle), Just(Level::High)]
}

fn pair() -> impl Strategy<Value = Pair> {
    (any::<u8>(), text()).prop_map(|(number, text)| Pair(number, text))
}

fn named() -> impl Strategy<Value = Named> {
    let scalars = (any::<u8>(), any::<bool>(), any::<u128>(), any::<char>());
    (scalars, text(), pair(), vec(any::<u8>(), 0..50)).prop_map(
        |((small, flag, large, letter), text, pair, bytes)| Named {
            small,
            text,
            flag,
            large,
            letter,
            nothing: (),
            pair,
            bytes,
        },
    )
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = text().prop_map(|name| Tree { name, children: Vec::new() });
    leaf.prop_recursive(5, 30, 4, |tree| {
        (text(), vec(tree, 0..4)).prop_map(|(name, children)| Tree { name, children })
    })
}

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        Just(Shape::Empty),
        any::<f64>().prop_map(Shape::Circle),
        (any::<i16>(), pair()).prop_map(|(at, pair)| Shape::Line(at, pair)),
        (any::<u32>(), option::of(text())).prop_map(|(width, label)| Shape::Box { width, label }),
        tree().prop_map(Shape::Tree),
    ]
}

fn remark() -> impl Strategy<Value = Remark> {
    let leaf = prop_oneof![
        Just(Remark::Empty),
        text().prop_map(Remark::Text),
        // Numbers that the plugin does not know either.
        (3..=u32::MAX).prop_map(Remark::Unknown),
    ];
    leaf.prop_recursive(4, 20, 4, |remark| {
        (pair(), vec(remark, 0..4)).prop_map(|(to, remarks)| Remark::Reply { to, remarks })
    })
}

fn options() -> impl Strategy<Value = Options> {
    (any::<u8>(), text(), option::of(any::<u128>()), vec(remark(), 0..4))
        .prop_map(|(small, name, wide, remarks)| Options { small, name, wide, remarks })
}

fn chain() -> impl Strategy<Value = Box<Chain>> {
    vec(any::<u8>(), 1..20).prop_map(|values| {
        let link = |next, value| Some(Box::new(Chain { value, next }));
        values.into_iter().fold(None, link).expect("there is one at least")
    })
}

fn products() -> impl Strategy<Value = Products> {
    let pair = (any::<u8>(), (any::<u64>(), text()));
    let maybe = (option::of(any::<u16>()), prop_oneof![pair_or(), level().prop_map(Err)]);
    let texts = [option::of(text()), option::of(text()), option::of(text())];
    let boxes = (any::<bool>(), [shape().prop_map(Box::new), shape().prop_map(Box::new)]);
    (pair, maybe, any::<[u8; 16]>(), texts, boxes).prop_map(|(pair, maybe, key, texts, boxes)| Products {
        pair,
        maybe,
        key,
        texts,
        boxes,
    })
}

fn duration() -> impl Strategy<Value = Duration> {
    (any::<u64>(), 0..1_000_000_000_u32).prop_map(|(secs, nanos)| Duration::new(secs, nanos))
}

/// Any that 64 bits of seconds reach.
fn time() -> impl Strategy<Value = SystemTime> {
    (any::<i64>(), 0..1_000_000_000_u32).prop_map(|(secs, nanos)| {
        let whole = Duration::from_secs(secs.unsigned_abs());
        let whole = if secs < 0 { UNIX_EPOCH - whole } else { UNIX_EPOCH + whole };
        whole + Duration::new(0, nanos)
    })
}

/// Text or not.
fn path() -> impl Strategy<Value = PathBuf> {
    vec(any::<u8>(), 0..30).prop_map(|bytes| PathBuf::from(OsString::from_vec(bytes)))
}

fn ip() -> impl Strategy<Value = IpAddr> {
    prop_oneof![any::<[u8; 4]>().prop_map(IpAddr::from), any::<[u8; 16]>().prop_map(IpAddr::from)]
}

fn socket() -> impl Strategy<Value = SocketAddr> {
    (ip(), any::<u16>(), any::<u32>(), any::<u32>()).prop_map(|(ip, port, flow, scope)| match ip {
        IpAddr::V4(_) => SocketAddr::new(ip, port),
        IpAddr::V6(ip) => SocketAddrV6::new(ip, port, flow, scope).into(),
    })
}

fn moments() -> impl Strategy<Value = Moments> {
    let addresses = (ip(), any::<[u8; 4]>(), any::<[u8; 16]>());
    let to = prop_oneof![socket().prop_map(Ok), duration().prop_map(Err)];
    (duration(), option::of(time()), path(), addresses, to).prop_map(
        |(took, at, path, (ip, four, six), to)| Moments {
            took,
            at,
            path,
            addresses: (ip, four.into(), six.into()),
            to,
        },
    )
}

fn maps() -> impl Strategy<Value = Maps> {
    let ordered = btree_map(text(), btree_map(any::<u8>(), chain(), 0..3), 0..3);
    let hashed = hash_map((any::<u8>(), text()), option::of(btree_set(text(), 0..3)), 0..4);
    let boxed = hash_set(path(), 0..4).prop_map(Box::new);
    let outcome = prop_oneof![text().prop_map(Ok), level().prop_map(Err)];
    let maybe = option::of(hash_map(ip(), outcome, 0..4));
    let both = [btree_set(any::<[u8; 2]>(), 0..4), btree_set(any::<[u8; 2]>(), 0..4)];
    (ordered, hashed, boxed, maybe, both).prop_map(|(ordered, hashed, boxed, maybe, both)| Maps {
        ordered,
        hashed,
        boxed,
        maybe,
        both,
    })
}

fn pair_or() -> impl Strategy<Value = Result<Pair, Level>> {
    pair().prop_map(Ok)
}

/// One property a method: the loaded plugin returns the value, as the linked one does, and the one in lent memory.
macro_rules! come_back {
    ($($test:ident: $method:ident($strategy:expr);)*) => {
        proptest! {
            #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]
            $(
                #[test]
                fn $test(value in $strategy) {
                    let loaded = LOADED.$method(value.clone());
                    prop_assert_eq!(&loaded, &LINKED.$method(value.clone()));
                    prop_assert_eq!(&loaded, &LENT.$method(value.clone()));
                    prop_assert_eq!(loaded, value);
                }
            )*
        }
    };
}

come_back! {
    a_u8_comes_back: u8(any::<u8>());
    a_u16_comes_back: u16(any::<u16>());
    a_u32_comes_back: u32(any::<u32>());
    a_u64_comes_back: u64(any::<u64>());
    a_u128_comes_back: u128(any::<u128>());
    a_usize_comes_back: usize(any::<usize>());
    an_i8_comes_back: i8(any::<i8>());
    an_i16_comes_back: i16(any::<i16>());
    an_i32_comes_back: i32(any::<i32>());
    an_i64_comes_back: i64(any::<i64>());
    an_i128_comes_back: i128(any::<i128>());
    an_isize_comes_back: isize(any::<isize>());
    a_bool_comes_back: bool(any::<bool>());
    a_char_comes_back: char(any::<char>());
    a_string_comes_back: owned(text());
    nested_vectors_of_text_come_back: texts(vec(vec(text(), 0..5), 0..5));
    an_option_of_an_option_comes_back: maybe(option::of(option::of(text())));
    results_in_a_vector_come_back: results(vec(prop_oneof![text().prop_map(Ok), level().prop_map(Err)], 0..8));
    a_vector_of_nothings_comes_back: nothings(vec(Just(()), 0..40));
    a_unit_struct_comes_back: empty(Just(Unit));
    every_form_of_variant_comes_back: shapes(vec(shape(), 0..6));
    every_form_of_open_variant_comes_back: remarks(vec(remark(), 0..6));
    a_chain_of_boxes_comes_back: chain(chain());
    a_box_of_a_result_of_a_box_comes_back: maybe_boxed(option::of(
        prop_oneof![text().prop_map(Ok), any::<u8>().prop_map(|value| Err(Box::new(value)))].prop_map(Box::new)
    ));
    tuples_in_a_vector_come_back: pairs(vec((any::<u8>(), text()), 0..8));
    a_tuple_of_twelve_comes_back: twelve(
        (any::<(u8, u16, bool, u32, char, u64)>(), any::<(i8, u128, ())>(), text(), any::<(i16, Option<u8>)>())
            .prop_map(|((a, b, c, d, e, f), (g, h, i), j, (k, l))| (a, b, c, d, e, f, g, h, i, j, k, l))
    );
    an_array_of_bytes_comes_back: array(any::<[u8; 16]>());
    an_array_of_arrays_comes_back: grid(any::<[[Option<char>; 3]; 2]>());
    a_duration_comes_back: duration(duration());
    a_point_of_time_comes_back: time(time());
    a_path_comes_back_text_or_not: path(path());
    addresses_come_back: sockets(vec(socket(), 0..8));
    times_paths_and_addresses_in_fields_come_back: moments(moments());
    a_map_comes_back: map(btree_map(text(), vec(any::<u8>(), 0..9), 0..9));
    a_hash_map_comes_back: hash_map(hash_map(any::<u32>(), option::of(text()), 0..9));
    a_set_of_tuples_comes_back: set(btree_set((any::<u8>(), text()), 0..9));
    bytes_in_place_come_back: buf(vec(any::<u8>(), 0..5000).prop_map(Buf::from));
    a_hash_set_of_arrays_comes_back: hash_set(hash_set(any::<[u8; 4]>(), 0..9));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn every_bit_of_a_float_comes_back_nan_included(single in any::<u32>(), double in any::<u64>()) {
        prop_assert_eq!(LOADED.f32(f32::from_bits(single)).to_bits(), single);
        prop_assert_eq!(LOADED.f64(f64::from_bits(double)).to_bits(), double);
    }

    #[test]
    fn lent_text_and_slices_come_back(text in text(), bytes in vec(any::<u8>(), 0..99), words in vec(any::<i64>(), 0..99)) {
        prop_assert_eq!(LOADED.text(&text), text);
        prop_assert_eq!(LOADED.bytes(&bytes), bytes);
        prop_assert_eq!(LOADED.words(&words), words);
    }

    #[test]
    fn slices_of_the_strictest_alignment_come_back(wide in vec(any::<u128>(), 0..20)) {
        prop_assert_eq!(LOADED.wide(&wide), wide);
    }

    #[test]
    fn many_arguments_keep_their_places(
        (a, b, c, d) in (any::<u8>(), any::<u64>(), any::<bool>(), any::<f32>()),
        (e, f, g, h, i) in (any::<i128>(), any::<char>(), text(), vec(any::<u16>(), 0..9), level()),
    ) {
        prop_assert_eq!(LOADED.many(a, b, c, d, e, f, &g, &h, i), LINKED.many(a, b, c, d, e, f, &g, &h, i));
    }

    #[test]
    fn a_struct_of_everything_comes_back_or_its_part_as_an_error(value in named()) {
        let loaded = LOADED.named(value.clone());
        prop_assert_eq!(&loaded, &LINKED.named(value.clone()));
        prop_assert_eq!(&loaded, &LENT.named(value.clone()));
        let expected = if value.flag { Ok(value) } else { Err(Shape::Line(-1, value.pair)) };
        prop_assert_eq!(loaded, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn a_sized_struct_comes_back_or_its_part_as_an_open_error(value in options()) {
        let loaded = LOADED.options(value.clone());
        prop_assert_eq!(&loaded, &LINKED.options(value.clone()));
        prop_assert_eq!(&loaded, &LENT.options(value.clone()));
        let Options { small, name, wide, remarks } = value.clone();
        let expected = match wide {
            Some(_) => Ok(value),
            None => Err(Remark::Reply { to: Pair(small, name), remarks }),
        };
        prop_assert_eq!(loaded, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn what_a_tuple_lends_comes_back(text in text(), words in vec(any::<u16>(), 0..50)) {
        prop_assert_eq!(LOADED.lent_pair((&text, &words)), (text, words));
    }

    #[test]
    fn what_a_map_lends_comes_back(value in btree_map(text(), vec(any::<u16>(), 0..9), 0..9)) {
        let lent: BTreeMap<&str, &[u16]> = value.iter().map(|(text, words)| (&**text, &**words)).collect();
        prop_assert_eq!(LOADED.lent_map(lent), value);
    }

    #[test]
    fn maps_in_fields_come_back_or_a_map_as_an_error(value in maps()) {
        let loaded = LOADED.maps(value.clone());
        prop_assert_eq!(&loaded, &LINKED.maps(value.clone()));
        prop_assert_eq!(&loaded, &LENT.maps(value.clone()));
        let error = HashMap::from([(1, Level::Low), (2, Level::High)]);
        prop_assert_eq!(loaded, if value.maybe.is_some() { Ok(value) } else { Err(error) });
    }

    #[test]
    fn tuples_arrays_and_boxes_in_fields_come_back_or_an_array_as_an_error(value in products()) {
        let loaded = LOADED.products(value.clone());
        prop_assert_eq!(&loaded, &LINKED.products(value.clone()));
        prop_assert_eq!(&loaded, &LENT.products(value.clone()));
        let expected = match &value.maybe.1 {
            Err(level) if !value.boxes.0 => Err([*level, Level::Low]),
            _ => Ok(value),
        };
        prop_assert_eq!(loaded, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn views_in_maps_come_back_or_one_as_an_error(value in hash_map(text(), vec(vec(any::<u8>(), 0..9), 0..3), 0..5)) {
        let views: HashMap<Text, Vec<Buf>> = value
            .into_iter()
            .map(|(text, bytes)| (Text::from(text), bytes.into_iter().map(Buf::from).collect()))
            .collect();
        let loaded = LOADED.views(views.clone());
        prop_assert_eq!(&loaded, &LINKED.views(views.clone()));
        prop_assert_eq!(&loaded, &LENT.views(views.clone()));
        prop_assert_eq!(loaded, if views.is_empty() { Err("nothing to see".into()) } else { Ok(views) });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn what_is_poured_into_a_sink_stands_behind_what_was_there(
        before in vec(any::<u8>(), 0..99), spare in 0..99_usize, value in vec(any::<u8>(), 0..999), pieces in 1..9_usize
    ) {
        let poured = |plugin: &Plugin<dyn Pour>| {
            let mut bytes = before.clone();
            bytes.reserve(spare);
            (plugin.pour(&value, pieces, Sink::new(&mut bytes)), bytes)
        };
        let (len, bytes) = poured(&pours()[0]);
        prop_assert_eq!((len, &bytes), (before.len() + value.len(), &[&*before, &*value].concat()));
        prop_assert_eq!((len, bytes), poured(&pours()[1]));
    }
}

#[test]
fn two_sinks_are_told_apart() {
    for plugin in pours() {
        let (mut first, mut second) = (b"a".to_vec(), Vec::new());
        plugin.pour_both((&mut first).into(), "bc", (&mut second).into());
        assert_eq!((&*first, &*second), (&b"abc"[..], &b"abc"[..]));
    }
}

#[test]
fn nothing_comes_back_from_a_method_that_returns_nothing() {
    LOADED.unit();
}

#[test]
fn a_megabyte_comes_back_in_one_piece() {
    let large: Vec<u8> = (0..1_u32 << 20).map(|at| at.to_le_bytes()[1]).collect();
    assert!(LOADED.bytes(&large) == large);
}

#[test]
fn a_deep_tree_comes_back() {
    let leaf = Tree { name: "leaf".to_owned(), children: Vec::new() };
    let deep = (0..500).fold(leaf, |tree, at| Tree { name: at.to_string(), children: vec![tree] });
    assert_eq!(LOADED.shapes(vec![Shape::Tree(deep.clone())]), [Shape::Tree(deep)]);
}
