//! Mocks: what they admit, what they say, and what they can stand in for.

#[path = "../../fixtures/contracts/src/echo.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::box_collection,
    reason = "the plugins that are built of it use all of it"
)]
mod echo;
#[path = "../../fixtures/contracts/src/objects.rs"]
#[allow(dead_code, unreachable_pub, reason = "the plugins that are built of it use all of it")]
mod objects;

mod behaviour;
mod forms;
mod messages;
mod model;
mod names;
mod shapes;
mod threads;

mod vault;

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What the code panics with.
#[track_caller]
fn panic_of<R>(code: impl FnOnce() -> R) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(code)) else { panic!("it did not panic") };
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => {
            payload.downcast::<&str>().map_or_else(|_| "not a text".to_owned(), |text| (*text).to_owned())
        }
    }
}

/// What an unexpected call panics with. The mock is told that somebody noticed.
macro_rules! refused {
    ($mock:ident.$method:ident($($args:expr),* $(,)?)) => {{
        let said = crate::panic_of(|| $mock.$method($($args),*));
        assert!($mock.verify().is_err_and(|report| report.to_string().contains(&said)), "it was not written down");
        said
    }};
}
use refused;

#[test]
fn no_go_stands_on_the_migration_page_without_its_rust() {
    let page = include_str!("../../../docs/mock-migration.md");
    let mut blocks =
        page.split("```").skip(1).step_by(2).map(|block| block.lines().next().unwrap_or_default());
    let mut count = 0;
    while let Some(language) = blocks.next() {
        if language == "go" {
            // What is compiled is `rust`; what mockall's own workspace compiles is `rust,ignore`.
            assert_eq!(blocks.next(), Some("rust"), "behind Go block {count}");
            count += 1;
        }
    }
    assert!(count >= 11, "{count}");
}
