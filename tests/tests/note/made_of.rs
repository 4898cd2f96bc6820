//! What is made of others, on both sides of a handshake: the same binds, and what differs is told where it is.

use plugin_abi::Contract;
use plugin_abi::note::Record;
use plugin_host::handshake;

macro_rules! contract {
    ($name:ident: $ty:ty) => {
        pub mod $name {
            use std::collections::{BTreeMap, BTreeSet, HashMap};
            use std::time::Duration;

            pub type Made = $ty;

            /// One type, in both directions.
            #[plugin_contracts::plugin_contract(id = "test.made", version = "1.0.0", unlocked)]
            pub trait Goods {
                /// There and back.
                fn send(&self, made: Made) -> Made;
            }

            // Each names some of them.
            pub type Names = (BTreeMap<u8, u8>, BTreeSet<u8>, HashMap<u8, u8>, Duration);
        }
    };
}

contract!(sixteen: [u8; 16]);
contract!(seventeen: [u8; 17]);
contract!(two: (u8, Duration));
contract!(three: (u8, Duration, u8));
contract!(other: (u8, u64));
contract!(ordered: BTreeMap<u8, u16>);
contract!(hashed: HashMap<u8, u16>);
contract!(pairs: Vec<(u8, u16)>);
contract!(set: BTreeSet<(u8, u16)>);
contract!(boxed: Box<[BTreeMap<u8, u16>; 2]>);

/// What a host with the first says of a plugin with the second.
fn told<H: ?Sized + Contract, P: ?Sized + Contract>() -> Option<String> {
    let plugin = Record::of_contract(P::DESC);
    let bound = handshake::bind(H::DESC, &plugin, &plugin.contracts[0]);
    bound.err().map(|refused| refused[0].detail.clone())
}

#[test]
fn the_same_binds() {
    assert_eq!(told::<dyn sixteen::Goods, dyn sixteen::Goods>(), None);
    assert_eq!(told::<dyn boxed::Goods, dyn boxed::Goods>(), None);
}

#[test]
fn what_differs_is_told_where_it_is() {
    let says = |told: Option<String>, what: &str| assert_eq!(told.as_deref(), Some(what));
    says(
        told::<dyn sixteen::Goods, dyn seventeen::Goods>(),
        "argument `made`: plugin built for `[u8; 17]`, host expects `[u8; 16]`",
    );
    says(
        told::<dyn two::Goods, dyn three::Goods>(),
        "argument `made`: plugin built for `(u8, Duration, u8)`, host expects `(u8, Duration)`",
    );
    says(
        told::<dyn two::Goods, dyn other::Goods>(),
        "argument `made`: `(u8, Duration)`: plugin built for `u64`, host expects `Duration`",
    );
    says(
        told::<dyn ordered::Goods, dyn hashed::Goods>(),
        "argument `made`: plugin built for `HashMap<u8, u16>`, host expects `BTreeMap<u8, u16>`",
    );
    says(
        told::<dyn pairs::Goods, dyn set::Goods>(),
        "argument `made`: plugin built for `BTreeSet<(u8, u16)>`, host expects `Vec<(u8, u16)>`",
    );
    says(
        told::<dyn ordered::Goods, dyn pairs::Goods>(),
        "argument `made`: plugin built for `Vec<(u8, u16)>`, host expects `BTreeMap<u8, u16>`",
    );
}
