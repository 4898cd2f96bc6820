//! Every type that crosses, through C: a plugin in C that returns what it is given, and a host in C that makes, sends and
//! drops. No byte is lost on either way.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::env;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

use plugin_host::Plugin;
use plugin_tests::compiler::{Compiler, Language};
use plugin_tests::{child, fixture, root};

use super::echo::{Chain, Echo, Level, Maps, Moments, Named, Options, Pair, Products, Remark, Shape, Tree};
use super::{build, header};

/// Names the plugin for the child.
const PATH_VAR: &str = "PLUGIN_TESTS_PATH";

fn text() -> String {
    "text".to_owned()
}

fn chain() -> Box<Chain> {
    Box::new(Chain { value: 7, next: Some(Box::new(Chain { value: 8, next: None })) })
}

fn numbers(echo: &dyn Echo) {
    assert_eq!((echo.u8(u8::MAX), echo.i8(i8::MIN)), (u8::MAX, i8::MIN));
    assert_eq!((echo.u16(u16::MAX), echo.i16(i16::MIN)), (u16::MAX, i16::MIN));
    assert_eq!((echo.u32(u32::MAX), echo.i32(i32::MIN)), (u32::MAX, i32::MIN));
    assert_eq!((echo.u64(u64::MAX), echo.i64(i64::MIN)), (u64::MAX, i64::MIN));
    assert_eq!((echo.u128(u128::MAX - 1), echo.i128(i128::MIN + 1)), (u128::MAX - 1, i128::MIN + 1));
    assert_eq!((echo.usize(usize::MAX), echo.isize(isize::MIN)), (usize::MAX, isize::MIN));
    assert_eq!((echo.f32(1.5), echo.f64(-2.5)), (1.5, -2.5));
    assert_eq!((echo.bool(true), echo.char('ß')), (true, 'ß'));
    echo.unit();
    let many = echo.many(1, 2, true, 0.5, -4, 'f', "g", &[8, 9], Level::High);
    assert_eq!(many, "1 2 1 0.5 -4 66 g 2 9 2147483647");
    let twelve = (1, 2, true, 4, 'ß', 6, -7, 1 << 100, (), text(), -11, Some(12));
    assert_eq!(echo.twelve(twelve.clone()), twelve);
}

fn sequences(echo: &dyn Echo) {
    assert_eq!((echo.text("text"), echo.owned(text())), (text(), text()));
    assert_eq!((echo.bytes(&[1, 2]), echo.bytes(&[])), (vec![1, 2], Vec::new()));
    assert_eq!((echo.words(&[-1]), echo.wide(&[1 << 100])), (vec![-1], vec![1 << 100]));
    let texts = vec![vec![text(), String::new()], Vec::new()];
    assert_eq!(echo.texts(texts.clone()), texts);
    for maybe in [None, Some(None), Some(Some(text()))] {
        assert_eq!(echo.maybe(maybe.clone()), maybe);
    }
    let results = vec![Ok(text()), Err(Level::Middle)];
    assert_eq!(echo.results(results.clone()), results);
    assert_eq!(echo.nothings(vec![(), ()]).len(), 2);
    assert_eq!(echo.pairs(vec![(1, text())]), vec![(1, text())]);
    assert_eq!(echo.lent_pair(("text", &[1, 2])), (text(), vec![1, 2]));
    assert_eq!(echo.array([7; 16]), [7; 16]);
    let grid = [[None, Some('a'), Some('ß')], [None; 3]];
    assert_eq!(echo.grid(grid), grid);
    let map = BTreeMap::from([(text(), vec![1]), (String::new(), Vec::new())]);
    assert_eq!(echo.map(map.clone()), map);
    let lent = BTreeMap::from([("text", &[1_u16, 2][..])]);
    assert_eq!(echo.lent_map(lent), BTreeMap::from([(text(), vec![1, 2])]));
    assert_eq!(echo.hash_map(HashMap::from([(1, Some(text()))])), HashMap::from([(1, Some(text()))]));
    assert_eq!(echo.set(BTreeSet::from([(1, text())])), BTreeSet::from([(1, text())]));
    assert_eq!(echo.hash_set(HashSet::from([[1, 2, 3, 4]])), HashSet::from([[1, 2, 3, 4]]));
    assert_eq!(*echo.buf(vec![1, 2].into()), [1, 2]);
    let views = || HashMap::from([("text".into(), vec![vec![1].into(), Vec::new().into()])]);
    assert_eq!(echo.views(views()), Ok(views()));
    assert_eq!(echo.views(HashMap::new()).unwrap_err(), "nothing to see");
}

fn derived(echo: &dyn Echo) {
    let pair = || Pair(1, text());
    let tree = Tree { name: text(), children: vec![Tree { name: text(), children: Vec::new() }] };
    let shapes = vec![
        Shape::Empty,
        Shape::Circle(1.5),
        Shape::Line(-1, pair()),
        Shape::Box { width: 1, label: Some(text()) },
        Shape::Tree(tree),
    ];
    assert_eq!(echo.shapes(shapes.clone()), shapes);
    let remarks =
        vec![Remark::Text(text()), Remark::Reply { to: pair(), remarks: vec![Remark::Unknown(99)] }];
    assert_eq!(echo.remarks(remarks.clone()), remarks);
    for wide in [Some(1), None] {
        let options = Options { small: 1, name: text(), wide, remarks: remarks.clone() };
        let reply = Remark::Reply { to: pair(), remarks: remarks.clone() };
        let expected = if wide.is_some() { Ok(options.clone()) } else { Err(reply) };
        assert_eq!(echo.options(options), expected);
    }
    for flag in [true, false] {
        let (bytes, nothing) = (vec![1, 2, 3], ());
        let named =
            Named { small: 1, text: text(), flag, large: 2, letter: 'ß', nothing, pair: pair(), bytes };
        let expected = if flag { Ok(named.clone()) } else { Err(Shape::Line(-1, pair())) };
        assert_eq!(echo.named(named), expected);
    }
    assert_eq!(echo.chain(chain()), chain());
    let boxed = || Some(Box::new(Ok(text())));
    assert_eq!(echo.maybe_boxed(boxed()), boxed());
    for (flag, level) in [(true, Level::High), (false, Level::High)] {
        let products = Products {
            pair: (1, (2, text())),
            maybe: (Some(3), Err(level)),
            key: [4; 16],
            texts: [None, Some(text()), None],
            boxes: (flag, [Box::new(Shape::Empty), Box::new(Shape::Box { width: 1, label: Some(text()) })]),
        };
        let expected = if flag { Ok(products.clone()) } else { Err([level, Level::Low]) };
        assert_eq!(echo.products(products), expected);
    }
}

fn of_std(echo: &dyn Echo) {
    let (took, at) = (Duration::new(1, 2), UNIX_EPOCH - Duration::new(3, 4));
    assert_eq!((echo.duration(took), echo.time(at)), (took, at));
    assert_eq!(echo.path(PathBuf::from("/tmp/file")), Path::new("/tmp/file"));
    let sockets = ["127.0.0.1:80", "[fe80::1%7]:81"].map(|text| text.parse::<SocketAddr>().unwrap());
    assert_eq!(echo.sockets(sockets.to_vec()), sockets);
    let moments = Moments {
        took,
        at: Some(at),
        path: PathBuf::from("/"),
        addresses: (IpAddr::from([1, 2, 3, 4]), Ipv4Addr::LOCALHOST, Ipv6Addr::LOCALHOST),
        to: Ok(sockets[1]),
    };
    assert_eq!(echo.moments(moments.clone()), moments);
    for some in [true, false] {
        let maps = Maps {
            ordered: BTreeMap::from([(text(), BTreeMap::from([(1, chain())]))]),
            hashed: HashMap::from([((1, text()), Some(BTreeSet::from([text()])))]),
            boxed: Box::new(HashSet::from([PathBuf::from("/")])),
            maybe: some.then(|| HashMap::from([(IpAddr::from([1, 2, 3, 4]), Ok(text()))])),
            both: [BTreeSet::from([[1, 2]]), BTreeSet::new()],
        };
        let levels = HashMap::from([(1, Level::Low), (2, Level::High)]);
        assert_eq!(echo.maps(maps.clone()), if some { Ok(maps) } else { Err(levels) });
    }
}

fn everything(library: &Path) {
    // SAFETY: the file was built by this test.
    let echo = unsafe { Plugin::<dyn Echo>::load(library) }.unwrap();
    numbers(&*echo);
    sequences(&*echo);
    derived(&*echo);
    of_std(&*echo);
    echo.close().unwrap();
}

#[test]
fn every_type_crosses_into_c_and_back() {
    for compiler in Compiler::all_of(Language::C, "mirror") {
        let built = build(compiler, "mirror.c", &[("test_echo.h", &header::<dyn Echo>())]);
        everything(&built.unwrap_or_else(|said| panic!("{}: {said}", compiler.name)).library);
    }
}

#[test]
fn nothing_is_lost_on_the_way_into_c_and_back() {
    let Some(compiler) = Compiler::any(Language::C, "mirror under valgrind") else { return };
    let built = build(compiler, "mirror.c", &[("test_echo.h", &header::<dyn Echo>())]).unwrap();
    let child = child::command("mirror::child_sends_everything");
    if let Some(mut valgrind) = child::under_valgrind(&child) {
        let _ = child::run(valgrind.env(PATH_VAR, &built.library));
    }
}

#[test]
#[ignore = "a child of `nothing_is_lost_on_the_way_into_c_and_back`"]
fn child_sends_everything() {
    if let Some(library) = env::var_os(PATH_VAR).map(PathBuf::from) {
        everything(&library);
    }
}

#[test]
fn a_host_in_c_makes_sends_and_drops_what_a_plugin_in_rust_takes_and_returns() {
    let plugin = fixture("echo");
    for compiler in Compiler::all("sender") {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("test_echo.h"), header::<dyn Echo>()).unwrap();
        let mut source = root().join("tests/tests/c/sources/sender.c");
        if compiler.language == Language::Cpp {
            // The same text is C++ too, under the name that says so.
            let copy = directory.path().join("sender.cpp");
            std::fs::copy(&source, &copy).unwrap();
            source = copy;
        }
        let program = compiler.program(&source, directory.path(), &directory.path().join("sender"));
        let program = program.unwrap_or_else(|said| panic!("{}: {said}", compiler.name));
        let mut command = Command::new(program);
        command.arg(&plugin);
        // Zig builds with checks of its own, whose shadow memory valgrind does not know.
        let watched = if compiler.name.starts_with("zig") { None } else { child::under_valgrind(&command) };
        let output = watched.unwrap_or(command).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{}: {said}", compiler.name);
        assert_eq!(output.stdout, b"all well\n", "{}: {said}", compiler.name);
    }
}
