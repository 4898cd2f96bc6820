//! Every rule, proved: a pair of sources that it tells apart, and the nearest change that it lets pass.
//!
//! `rules/<CODE>/` holds the contract as it was (`old.rs`), with the change (`new.rs`), with one that is none
//! (`silent.rs`), and what is said of the change (`message.txt`). The old one is compiled here for its lock. What the words
//! prove without a compiler is then compared with what rustc says of the same package, letter by letter.
//! `INSTA_UPDATE=always` writes the messages anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};
use plugin_abi::Contract;
use plugin_abi::describe::ContractDesc;
use plugin_abi::note::Record;
use plugin_gen::check_source;
use plugin_gen::lock::{Level, Lock, Outcome, RULES, rule};
use plugin_gen::report::{Code, Finding};
use plugin_host::handshake::bind;
use plugin_tests::package::{Package, place, rendered};

use super::promise;

macro_rules! pairs {
    ($($old:ident $path:literal $($new:ident $new_path:literal)?;)*) => {
        $(
            #[path = $path]
            #[allow(unreachable_pub, reason = "as text it is a library of its own")]
            mod $old;
            $(
                #[path = $new_path]
                #[allow(unreachable_pub, reason = "as text it is a library of its own")]
                mod $new;
            )?
        )*

        /// The pairs that run.
        fn pairs() -> Vec<Pair> {
            vec![$(Pair {
                new: [$(<dyn $new::Store as Contract>::DESC)?].first().copied(),
                ..Pair::new::<dyn $old::Store>($path)
            }),*]
        }
    };
}

pairs! {
    old001 "rules/PC001/old.rs" new001 "rules/PC001/new.rs";
    old002 "rules/PC002/old.rs" new002 "rules/PC002/new.rs";
    old003 "rules/PC003/old.rs" new003 "rules/PC003/new.rs";
    old004 "rules/PC004/old.rs" new004 "rules/PC004/new.rs";
    old005 "rules/PC005/old.rs" new005 "rules/PC005/new.rs";
    old006 "rules/PC006/old.rs" new006 "rules/PC006/new.rs";
    old007 "rules/PC007/old.rs" new007 "rules/PC007/new.rs";
    old008 "rules/PC008/old.rs" new008 "rules/PC008/new.rs";
    old009 "rules/PC009/old.rs" new009 "rules/PC009/new.rs";
    old010 "rules/PC010/old.rs" new010 "rules/PC010/new.rs";
    old011 "rules/PC011/old.rs" new011 "rules/PC011/new.rs";
    old012 "rules/PC012/old.rs" new012 "rules/PC012/new.rs";
    old013 "rules/PC013/old.rs" new013 "rules/PC013/new.rs";
    old014 "rules/PC014/old.rs" new014 "rules/PC014/new.rs";
    old020 "rules/PC020/old.rs" new020 "rules/PC020/new.rs";
    old101 "rules/PC101/old.rs" new101 "rules/PC101/new.rs";
    old102 "rules/PC102/old.rs" new102 "rules/PC102/new.rs";
    old103 "rules/PC103/old.rs" new103 "rules/PC103/new.rs";
    old104 "rules/PC104/old.rs" new104 "rules/PC104/new.rs";
    open104 "rules/PC104/open/old.rs" opened104 "rules/PC104/open/new.rs";
    old105 "rules/PC105/old.rs" new105 "rules/PC105/new.rs";
    open105 "rules/PC105/open/old.rs" opened105 "rules/PC105/open/new.rs";
    old106 "rules/PC106/old.rs" new106 "rules/PC106/new.rs";
    old108 "rules/PC108/old.rs" new108 "rules/PC108/new.rs";
    old201 "rules/PC201/old.rs" new201 "rules/PC201/new.rs";
    old203 "rules/PC203/old.rs" new203 "rules/PC203/new.rs";
    old205 "rules/PC205/old.rs" new205 "rules/PC205/new.rs";
    old207 "rules/PC207/old.rs" new207 "rules/PC207/new.rs";
}

/// Pairs whose feature is not there yet, each with why.
const NOT_YET: &[(&str, &str)] = &[];

/// What becomes of the pairs of old and new where the rule says that it depends: an old plugin in a new host, and the
/// reverse.
const SHOWN: &[(&str, [Outcome; 2])] = &[
    // `Sync` is gone: an older plugin promises more than is asked, a newer one less.
    ("PC009", [Outcome::Works, Outcome::Refused]),
    // The older plugin has the method.
    ("PC012", [Outcome::Works, Outcome::Works]),
    // Nobody breaks where an enum is open.
    ("PC104/open", [Outcome::Works, Outcome::Works]),
    ("PC105/open", [Outcome::Works, Outcome::Works]),
];

/// Rules that no pair of sources can show.
const NO_PAIR: &[(Code, &str)] = &[
    (Code::PC202, "the other revision is in the lock: lock_file.rs"),
    (Code::PC204, "the lock is damaged: lock_file.rs"),
    (Code::PC206, "a generated file is stale: the tests of the command line"),
    (Code::PC208, "an entry of the lock is stale: the tests of the command line"),
    (Code::PC301, "the other side is an eBPF object, as for those that follow: ebpf/drift.rs"),
    (Code::PC302, ""),
    (Code::PC303, ""),
    (Code::PC304, ""),
    (Code::PC305, ""),
    (Code::PC306, ""),
    (Code::PC307, ""),
    (Code::PC308, ""),
    (Code::PC309, ""),
    (Code::PC310, ""),
    (Code::PC311, ""),
    (Code::PC312, ""),
];

/// What rustc lets pass: who reviews a change hears of it, from the command line, a build script or a test.
const COMPILES: &[Code] =
    &[Code::PC010, Code::PC011, Code::PC020, Code::PC101, Code::PC201, Code::PC203, Code::PC207];

struct Pair {
    /// `PC104/open`
    name: String,
    /// The rule.
    code: Code,
    /// What the old side promised.
    lock: Lock,
    /// The contract of the old side.
    old: &'static ContractDesc,
    /// The contract of the new side, where it can be compiled at all.
    new: Option<&'static ContractDesc>,
}

impl Pair {
    fn new<C: ?Sized + Contract>(path: &str) -> Self {
        let name = path.trim_start_matches("rules/").trim_end_matches("/old.rs").to_owned();
        let code = Code::parse(name.split('/').next().expect("a name has a first part"));
        let code = code.expect("a folder is named after its rule");
        Self { name, code, lock: promise::lock::<C>(), old: C::DESC, new: None }
    }

    fn file(&self, name: &str) -> PathBuf {
        folder().join(&self.name).join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_else(|error| panic!("{}/{name}: {error}", self.name))
    }

    /// The package of one of its sources: `pc104-open-new`.
    fn package(&self, source: &str) -> String {
        format!("{}-{source}", self.name.to_lowercase().replace('/', "-"))
    }

    fn compiles(&self) -> bool {
        COMPILES.contains(&self.code) || self.name.ends_with("/open")
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drift/rules")
}

/// `new.rs:5:37: [PC003] …`, as a person reads it.
fn told(line: usize, column: usize, text: &str) -> String {
    format!("new.rs:{line}:{column}: {text}\n")
}

fn told_by_words(finding: &Finding) -> String {
    let start = finding.spans().0.start();
    told(start.line, start.column + 1, &finding.text())
}

fn told_by_rustc(said: &Diagnostic) -> String {
    let (_, line, column) = place(said);
    told(line, column, said.message.trim_start_matches("evaluation panicked: "))
}

/// What rustc says of every package, compiled once and together.
fn compiled() -> &'static (Package, BTreeMap<String, Vec<Diagnostic>>) {
    static COMPILED: LazyLock<(Package, BTreeMap<String, Vec<Diagnostic>>)> = LazyLock::new(|| {
        let workspace = Package::new("rules", "2024", "");
        workspace.write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"*-new\", \"*-silent\"]\n");
        let root = plugin_tests::root().display().to_string();
        for pair in pairs() {
            for source in ["new", "silent"] {
                let package = pair.package(source);
                let manifest = format!(
                    "[package]\nname = \"{package}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
                     [dependencies]\nplugin-contracts = {{ path = \"{root}/contracts\", features = [\"kernel\"] }}\n"
                );
                workspace.write(&format!("{package}/Cargo.toml"), &manifest);
                workspace.write(&format!("{package}/plugin-contract.lock"), &pair.lock.to_string());
                workspace.write(&format!("{package}/src/lib.rs"), &pair.read(&format!("{source}.rs")));
            }
        }
        let mut cargo = workspace.cargo("check");
        cargo.args(["--workspace", "--keep-going"]);
        let mut found: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
        for said in workspace.diagnostics(cargo) {
            let package = place(&said).0.split('/').next().expect("a path has a first part").to_owned();
            found.entry(package).or_default().push(said);
        }
        (workspace, found)
    });
    &COMPILED
}

/// What the function behind `assert_contracts_locked!` says of a package; nothing when it is as promised.
fn asserted(package: &str) -> String {
    let directory = compiled().0.directory().join(package).display().to_string();
    let found = catch_unwind(|| plugin_gen::assert_locked(&directory));
    let text = found.err().and_then(|panic| panic.downcast::<String>().ok()).map(|text| *text);
    text.unwrap_or_default().replace(&directory, "")
}

#[test]
fn every_rule_has_its_pair_and_every_pair_runs() {
    let with_pair = |at: &Path| at.join("old.rs").exists();
    let mut folders = BTreeSet::new();
    for entry in fs::read_dir(folder()).expect("it can be listed") {
        let path = entry.expect("it can be read").path();
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        folders.extend(with_pair(&path.join("open")).then(|| format!("{name}/open")));
        assert!(with_pair(&path), "{name} has no old.rs");
        folders.insert(name);
    }
    let run: BTreeSet<_> = pairs().into_iter().map(|pair| pair.name).collect();
    let waiting: BTreeSet<_> = NOT_YET.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(run.intersection(&waiting).next(), None, "it runs, and is said to wait");
    assert_eq!(run.union(&waiting).cloned().collect::<BTreeSet<_>>(), folders);
    let without: BTreeSet<_> = NO_PAIR.iter().map(|(code, _)| code.to_string()).collect();
    let rules: BTreeSet<_> =
        RULES.iter().map(|rule| rule.code.to_string()).filter(|code| !without.contains(code)).collect();
    assert_eq!(folders.into_iter().filter(|name| !name.contains('/')).collect::<BTreeSet<_>>(), rules);
}

#[test]
fn each_rule_fires_on_its_pair_and_says_so_in_its_own_words() {
    let mut wrong = String::new();
    for pair in pairs() {
        let found = match check_source(&pair.read("new.rs"), &pair.lock) {
            Ok(checked) => checked,
            Err(mistakes) => {
                let mut refused = plugin_gen::Checked::default();
                refused.findings = mistakes;
                refused
            }
        };
        let loud: Vec<_> = found.findings.iter().filter(|one| pair.compiles() || one.is_error()).collect();
        let errors: Vec<_> = loud.iter().filter(|one| one.is_error()).collect();
        let here = if errors.is_empty() { &loud } else { &errors.into_iter().copied().collect() };
        let of_rustc = compiled().1.get(&pair.package("new"));
        let said: String = match (here.as_slice(), of_rustc.map(Vec::as_slice)) {
            // Only rustc can tell: it says what it was given to say.
            ([], Some([one])) => {
                let text = told_by_rustc(one);
                if !found.open.iter().any(|open| told_by_words(open) == text) {
                    let _ = writeln!(wrong, "{}: rustc says what nobody left to it:\n{text}", pair.name);
                }
                text
            }
            (words, _) => words.iter().map(|one| told_by_words(one)).collect(),
        };
        if !(said.matches("[P").count() == 1 && said.contains(&format!("[{}]", pair.code))) {
            let _ = writeln!(wrong, "{}: not this rule alone:\n{said}", pair.name);
        }
        match (pair.compiles(), of_rustc.map_or(&[][..], Vec::as_slice)) {
            (true, []) => {}
            (false, [one]) if told_by_rustc(one) == said => {}
            (_, others) => {
                let text = rendered(others);
                let _ = writeln!(wrong, "{}: rustc says otherwise:\n{text}\nin process:\n{said}", pair.name);
            }
        }
        if std::env::var_os("INSTA_UPDATE").is_some_and(|value| value == "always") {
            fs::write(pair.file("message.txt"), &said).expect("it can be written");
        } else if pair.file("message.txt").exists().then(|| pair.read("message.txt")) != Some(said.clone()) {
            let _ = writeln!(wrong, "{}: not what message.txt says:\n{said}", pair.name);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn each_rule_is_silent_on_what_is_nearest_to_it() {
    for pair in pairs() {
        let found = check_source(&pair.read("silent.rs"), &pair.lock);
        let found = found.unwrap_or_else(|mistakes| panic!("{}: {mistakes:#?}", pair.name));
        let loud: String = found
            .findings
            .iter()
            .filter(|one| one.is_error() || one.code == pair.code)
            .map(told_by_words)
            .collect();
        assert!(loud.is_empty(), "{}: {loud}", pair.name);
        let said = compiled().1.get(&pair.package("silent")).map_or(&[][..], Vec::as_slice);
        assert!(said.is_empty(), "{}:\n{}", pair.name, rendered(said));
    }
}

/// What becomes of a plugin of one side in a host of the other, as its loader decides.
fn loads(plugin: &'static ContractDesc, host: &'static ContractDesc) -> Outcome {
    let record = Record::of_contract(plugin);
    match bind(host, &record, &record.contracts[0]) {
        Ok(_) => Outcome::Works,
        Err(_) => Outcome::Refused,
    }
}

#[test]
fn a_host_does_with_each_pair_what_the_rule_says() {
    for pair in pairs() {
        let rule = rule(pair.code).expect("it has a rule");
        let Some(new) = pair.new.filter(|_| rule.level != Level::Error) else { continue };
        let shown = SHOWN.iter().find(|(name, _)| *name == pair.name).map(|(_, shown)| *shown);
        let said = shown.unwrap_or([rule.old_plugin, rule.new_plugin]);
        assert_eq!([loads(pair.old, new), loads(new, pair.old)], said, "{}", pair.name);
    }
}

#[test]
fn a_test_of_the_package_says_what_its_reviewer_must_know() {
    for pair in pairs() {
        // What only rustc can tell, a test cannot; and what is no matter is not told.
        let told = ![Code::PC020, Code::PC108].contains(&pair.code);
        let text = asserted(&pair.package("new"));
        assert_eq!(text.contains(&format!("[{}]", pair.code)), told, "{}: {text}", pair.name);
    }
}

#[test]
fn no_pair_warns() {
    let said: Vec<_> = compiled()
        .1
        .values()
        .flatten()
        .filter(|said| said.level != DiagnosticLevel::Error)
        .cloned()
        .collect();
    assert!(said.is_empty(), "{}", rendered(&said));
}
