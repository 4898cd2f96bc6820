//! Methods that promise not to panic and know nothing but numbers: they are called by a function without a status, where the
//! other side has one and keeps its promises.

use std::cell::RefCell;
use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::sync::Arc;

use plugin_abi::access::Value;
use plugin_abi::call::Out;
use plugin_abi::mock::Mocked;
use plugin_abi::{Answer, Contract, Instance, Raw, Row, RowsFor, Status};
use plugin_contracts::plugin_contract;

/// What is asked often.
#[plugin_contract(id = "test.scale", version = "1.0.0", unlocked)]
pub trait Scale: Send + Sync {
    /// What it weighs.
    #[plugin(nounwind)]
    #[renamed_from("mass")]
    fn weigh(&self, grams: u32, at: f64) -> f64;
    /// Sets it to nothing.
    #[plugin(nounwind)]
    fn reset(&self);
    /// How often it was asked.
    #[plugin(nounwind)]
    fn asked(&self) -> u64 {
        0
    }
    /// Promises nothing.
    fn free(&self, grams: u32) -> u32;
    /// Changes the object, which others may have.
    #[plugin(nounwind)]
    fn set(&mut self, grams: u32);
    /// Has an argument that is checked.
    #[plugin(nounwind)]
    fn named(&self, name: &str) -> u32;
    /// Has a result that is checked.
    #[plugin(nounwind)]
    fn full(&self, grams: u32) -> bool;
    /// Wider than a register.
    #[plugin(nounwind)]
    fn wide(&self, grams: u128) -> u64;
}

struct Steel;

impl Scale for Steel {
    fn weigh(&self, grams: u32, at: f64) -> f64 {
        f64::from(grams) * at
    }
    fn reset(&self) {}
    fn free(&self, grams: u32) -> u32 {
        grams
    }
    fn set(&mut self, _: u32) {}
    fn named(&self, _: &str) -> u32 {
        0
    }
    fn full(&self, _: u32) -> bool {
        false
    }
    fn wide(&self, _: u128) -> u64 {
        0
    }
}

fn names(rows: &[Row]) -> Vec<(String, bool)> {
    let named = |row: &Row| {
        // SAFETY: it is a static of this program.
        let name = unsafe { row.name.borrow() }.unwrap();
        (String::from_utf8(name.to_vec()).unwrap(), row.call.is_null())
    };
    rows.iter().map(named).filter(|(name, _)| name.ends_with('!')).collect()
}

#[test]
fn what_can_end_in_one_way_only_has_a_function_of_its_own() {
    let named = |null| ["weigh!", "reset!", "asked!"].map(|name| (name.to_owned(), null)).to_vec();
    assert_eq!(names(<dyn Scale as RowsFor<Value<Steel>>>::ROWS), named(false));
    assert_eq!(
        names(<dyn Scale as RowsFor<Mocked<dyn Scale>>>::ROWS),
        named(true),
        "a mock may end otherwise"
    );
    let direct = <dyn Scale as Contract>::DESC.methods.iter().filter(|method| method.direct);
    assert_eq!(direct.map(|method| method.name).collect::<Vec<_>>(), ["weigh", "reset", "asked"]);
}

unsafe extern "C" fn nothing(_: *mut (), _: *mut Out<u8>) -> Status {
    Status::OK
}

unsafe extern "C" fn directly(_: *mut (), grams: u32, at: f64) -> f64 {
    f64::from(grams) + at
}

unsafe extern "C" fn with_status(_: *mut (), _: u32, _: f64, _: *mut Out<f64>) -> Answer {
    Answer { word: MaybeUninit::new((-1.0_f64).to_bits()), status: Status::OK }
}

/// A scale of another side, with or without such a function.
fn scale(direct: bool) -> (Box<dyn Scale>, Vec<&'static str>) {
    let asked = RefCell::new(Vec::new());
    let find = |name: &'static str, _| {
        asked.borrow_mut().push(name);
        let call = match name {
            "weigh" => with_status as *const (),
            "weigh!" if direct => directly as *const (),
            name if name.ends_with('!') => return None,
            _ => nothing as *const (),
        };
        NonNull::new(call.cast_mut())
    };
    // SAFETY: nothing but `weigh` is called, whose functions have the right types.
    let table = unsafe { <dyn Scale as Contract>::bind(&find) }.unwrap();
    // SAFETY: there is no object, and nothing to destroy.
    let instance = unsafe { Instance::new(std::ptr::null_mut(), nothing, "direct".to_owned(), "test.scale") };
    // SAFETY: as above.
    let scale = unsafe { <dyn Scale as Contract>::stub(Raw::new(Arc::new(instance)), table) };
    (scale, asked.into_inner())
}

#[test]
fn it_is_called_where_there_is_one() {
    let (scale, asked) = scale(true);
    assert!((scale.weigh(40, 2.0) - 42.0).abs() < f64::EPSILON);
    let direct: Vec<_> = asked.into_iter().filter(|name| name.ends_with('!')).collect();
    assert_eq!(direct, ["weigh!", "reset!", "asked!"]);
}

#[test]
fn and_the_method_like_any_other_where_there_is_none() {
    let (scale, _) = scale(false);
    assert!((scale.weigh(40, 2.0) + 1.0).abs() < f64::EPSILON);
}
