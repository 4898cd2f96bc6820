//! Generic types cross as what they are instantiated with, under a name that says so.

#[allow(missing_docs, reason = "documented where they are declared")]
#[path = "../fixtures/contracts/src/pages.rs"]
pub mod pages;

use std::collections::BTreeSet;

use pages::{Book, Either, Grown, Line, MockPages, Page, Pages, Said};
use plugin_abi::note::Record;
use plugin_contracts::mock::eq;
use plugin_host::handshake::{self, Rule};
use plugin_host::{Contract, Plugin};
use plugin_tests::fixture;

fn line(text: &str) -> Line {
    Line { text: text.to_owned() }
}

#[test]
fn instances_cross_as_other_types_do() {
    // SAFETY: the file is built by this test.
    let loaded = unsafe { Plugin::<dyn Pages>::load(fixture("pages")) }.unwrap();
    for plugin in [loaded, Plugin::linked(Book::default())] {
        assert_eq!(plugin.page(2), Page { items: vec![line("0"), line("1")], next: Some(2) });
        let inner = |number| Page { items: vec![(number, "x".to_owned())], next: None };
        let deep = plugin.deep(Page { items: vec![inner(1), inner(2)], next: Some(9) });
        assert_eq!(deep, Page { items: vec!["1x".to_owned(), "2x".to_owned()], next: Some(9) });
        let left = Page { items: vec![line("a")], next: None };
        assert_eq!(plugin.either(Either::Left(left.clone())), Either::Left(format!("{left:?}")));
        let rights = BTreeSet::from([line("b"), line("c")]);
        let expected = BTreeSet::from(["b".to_owned(), "c".to_owned()]);
        assert_eq!(plugin.either(Either::Right { rights }), Either::Right { rights: expected });
        assert_eq!(plugin.either(Either::Neither), Either::Neither);
        let grown = || Grown { first: vec![7], later: Vec::new() };
        let told = Ok(Said::One(Grown { first: 4, later: vec![1, 2] }));
        assert_eq!(plugin.grown(grown(), Said::One(line("four"))), told);
        assert_eq!(plugin.grown(grown(), Said::Many(vec![1])), Err(Page { items: vec![1], next: Some(7) }));
        assert_eq!(plugin.grown(grown(), Said::Unknown(5)), Ok(Said::Unknown(5)));
        let mut last = plugin.page(1);
        plugin.turn(&plugin.page(2), &mut last);
        assert_eq!(last, Page { items: vec![line("0"), line("0"), line("1")], next: None });
    }
}

#[test]
fn a_mock_sees_instances() {
    let mut mock = MockPages::new();
    mock.expect_page().with(eq(3)).returning(|_| Page { items: Vec::new(), next: None });
    assert_eq!(mock.page(3).next, None);
}

#[test]
fn an_instance_is_named_after_what_it_is_made_of() {
    let record = Record::of_contract(<dyn Pages>::DESC);
    let names: Vec<_> =
        record.types.iter().map(|ty| ty.name.as_str()).filter(|name| name.contains('<')).collect();
    for name in [
        "Page<Line>",
        "Page<Page<(u32, String)>>",
        "Page<(u32, String)>",
        "Page<String>",
        "Either<Page<Line>, Line>",
        "Either<String, String>",
        "Grown<Vec<u16>>",
        "Told<Grown<u8>>",
        "Grown<u8>",
    ] {
        assert_eq!(names.iter().filter(|found| **found == name).count(), 1, "{name} in {names:?}");
    }
}

/// A contract whose pages are of such lines.
macro_rules! about {
    ($name:ident { $($fields:tt)* }) => {
        /// One version of it.
        #[allow(missing_docs, reason = "the names say it")]
        pub mod $name {
            use plugin_contracts::{PluginType, plugin_contract};

            #[derive(PluginType)]
            pub struct Line {
                pub text: String,
            }

            #[derive(PluginType)]
            pub struct Page<T> {
                $($fields)*
            }

            #[plugin_contract(id = "test.pages", version = "1.0.0", unlocked)]
            pub trait Pages {
                fn page(&self) -> Page<Line>;
            }
        }
    };
}

about!(kept { pub items: Vec<T>, pub next: Option<u64> });
about!(renamed { pub lines: Vec<T>, pub next: Option<u64> });
about!(retyped { pub items: Vec<T>, pub next: Option<u32> });
about!(other { pub items: Option<T>, pub next: Option<u64> });

#[test]
fn another_instance_is_refused_by_the_field() {
    let refused = |plugin| {
        let record = Record::of_contract(plugin);
        let refused = handshake::bind(<dyn kept::Pages>::DESC, &record, &record.contracts[0]).err()?;
        Some((refused[0].rule, refused[0].detail.clone()))
    };
    assert_eq!(refused(<dyn renamed::Pages>::DESC), None, "a name is no layout");
    for (plugin, expected) in [
        (
            <dyn retyped::Pages>::DESC,
            "`Page<Line>.next`: `Option<u64>`: plugin built for `u32`, host expects `u64`",
        ),
        (
            <dyn other::Pages>::DESC,
            "`Page<Line>.items`: plugin built for `Option<Line>`, host expects `Vec<Line>`",
        ),
    ] {
        let (rule, detail) = refused(plugin).expect("it is refused");
        assert_eq!(rule, Rule::PC102);
        assert!(detail.contains(expected), "{detail}");
    }
}
