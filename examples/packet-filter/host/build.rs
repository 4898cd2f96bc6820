//! Compiles the kernel's side, where the host is built with it: a struct that differs from the contract fails this build.

fn main() {
    #[cfg(feature = "ebpf")]
    {
        let contract = plugin_gen::Build::new().contract::<dyn filter_contract::Filter>();
        let Ok(object) = contract.bpf("../plugin-xdp/filter.bpf.c") else {
            // What is wrong was said to cargo.
            std::process::exit(1);
        };
        println!("cargo::rustc-env=FILTER_OBJECT={}", object.display());
    }
}
