//! Tables with a value for each processor.

use plugin_contracts::kernel::{KernelError, PerCpu};
use plugin_contracts::{PluginType, plugin_contract};
use plugin_gen::text::bpf;
use plugin_host::Plugin;

use super::build;
use super::system::{Bpffs, Kernel};

/// Twelve bytes: the kernel keeps sixteen of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PluginType)]
#[plugin(plain)]
#[repr(C)]
pub struct Hit {
    pub count: u32,
    pub last: [u32; 2],
}

#[plugin_contract(id = "test.counters", version = "1.0.0", unlocked)]
pub trait Counters: Send + Sync {
    /// Counts under a key, which must be there; returns the number of the processor.
    fn count(&self, key: u16) -> u32;
    #[table(percpu, capacity = 2)]
    fn hits(&self) -> PerCpu<u16, Hit>;
    #[state(percpu_array, capacity = 2)]
    fn total(&self) -> PerCpu<u32, u64>;
}

const SOURCE: &str = r#"
#include "test_counters.bpf.h"

SEC("syscall")
int count(struct test_counters_count_call *call)
{
	__u16 key = call->key;
	__u32 all = 1;
	struct test_counters_hit *hit = hits_lookup(&key);
	__u64 *count = total_lookup(&all);

	if (!hit || !count)
		return -1;
	hit->count++;
	hit->last[1] = 7;
	++*count;
	call->result = bpf_get_smp_processor_id();
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
"#;

fn sums(counters: &dyn Counters, key: u16) -> (u32, u64) {
    let hits = counters.hits().get(&key).expect("it can be read").expect("it is there");
    let total = counters.total().get(&1).expect("it can be read").expect("an array has it");
    assert_eq!(hits.len(), total.len(), "one of each processor");
    (hits.iter().map(|hit| hit.count).sum(), total.iter().sum())
}

#[test]
fn each_processor_counts_for_itself_and_its_user_sees_all() {
    let Some(_kernel) = Kernel::for_type("syscall") else { return };
    let bpffs = Bpffs::mount();
    let (_directory, compiled) = build::compile::<dyn Counters>(SOURCE);
    let object = compiled.expect("it is what the contract says").object;
    let load = || -> Plugin<dyn Counters> {
        // SAFETY: the object is ours, and was just compiled.
        unsafe { Plugin::options().pin_state(bpffs.path()).load(&object) }.expect("it loads")
    };
    let counters = load();
    assert_eq!(counters.hits().get(&5), Ok(None));
    counters.hits().insert(&5, &Hit { count: 10, last: [3, 4] }).expect("there is room");
    let processors = std::fs::read_to_string("/sys/devices/system/cpu/possible").expect("it can be read");
    let last: usize =
        processors.trim().rsplit('-').next().and_then(|last| last.parse().ok()).expect("a number");
    let values = counters.hits().get(&5).expect("it can be read").expect("it is there");
    assert_eq!(values.len(), last + 1);
    assert_eq!(values[0], Hit { count: 10, last: [3, 4] });
    assert!(values[1..].iter().all(|hit| *hit == Hit { count: 0, last: [0; 2] }), "{values:?}");

    let mut on = vec![0_u64; values.len()];
    for _ in 0..1000 {
        on[counters.count(5) as usize] += 1;
    }
    assert_eq!(sums(&*counters, 5), (1010, 1000));
    assert_eq!(counters.total().get(&1), Ok(Some(on)), "each value is that of its processor");
    assert_eq!(counters.total().get(&0), Ok(Some(vec![0; values.len()])));
    assert_eq!(
        (counters.total().get(&2), counters.total().insert(&2, &1)),
        (Ok(None), Err(KernelError::NoKey))
    );

    counters.hits().insert(&6, &Hit { count: 0, last: [0; 2] }).expect("there is room");
    let full = counters.hits().insert(&7, &Hit { count: 0, last: [0; 2] });
    assert_eq!((full, counters.hits().capacity()), (Err(KernelError::Full(2)), 2));
    let mut keys: Vec<_> =
        counters.hits().entries().expect("they can be read").into_iter().map(|(key, _)| key).collect();
    keys.sort_unstable();
    assert_eq!(keys, [5, 6]);
    assert_eq!((counters.hits().remove(&5), counters.hits().remove(&5)), (Ok(true), Ok(false)));
    assert!(matches!(counters.total().remove(&0), Err(KernelError::Unsupported(_))));

    // State goes on.
    drop(counters);
    let counters = load();
    counters.hits().insert(&5, &Hit { count: 0, last: [0; 2] }).expect("it begins anew");
    counters.count(5);
    assert_eq!(sums(&*counters, 5), (1, 1001));
}

#[test]
fn a_map_of_one_value_is_none_of_one_for_each_processor() {
    let header = bpf::header(&build::plan_of::<dyn Counters>());
    let from = "__uint(type, BPF_MAP_TYPE_PERCPU_HASH);";
    assert!(header.contains(from), "{header}");
    let source = header.replace(from, "__uint(type, BPF_MAP_TYPE_HASH);")
        + &SOURCE.replace("#include \"test_counters.bpf.h\"", "");
    let (_directory, compiled) = build::compile::<dyn Counters>(&source);
    let text = compiled.expect_err("it differs").to_string();
    assert!(text.contains("[PC310] `hits`") && text.contains("BPF_MAP_TYPE_PERCPU_HASH"), "{text}");
}
