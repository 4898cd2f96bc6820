//! Three versions of one contract, every host with every plugin: host programs and libraries of their own, and the page of the
//! documentation that shows what comes of each pair.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use plugin_tests::{fixture, root};

/// The versions, by the names that fixtures have for them.
const VERSIONS: [(&str, &str); 3] = [("1.0", "v1"), ("1.1", "v2"), ("1.2", "v3")];
/// Where the table stands in the page.
const MARKS: [&str; 2] = ["<!-- table: tests/tests/evolution.rs -->\n", "<!-- end of table -->\n"];

/// What came of a pair.
enum Pair {
    /// The host loaded the plugin: its calls, with their outcomes.
    Works(Vec<(String, String)>),
    /// It did not, and said this.
    Refused(String),
}

fn pair(host: &str, plugin: &str) -> Pair {
    let plugin = fixture(&format!("grow-{plugin}"));
    let host = plugin.with_file_name(format!("grow-host-{host}"));
    let ended =
        Command::new(&host).arg(&plugin).env_remove("RUST_BACKTRACE").output().expect("the host starts");
    let said = String::from_utf8(ended.stdout).expect("it says text");
    let failed = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{} with {}: {said}{failed}", host.display(), plugin.display());
    if said.starts_with("refused") {
        return Pair::Refused(said);
    }
    let call =
        |line: &str| line.split_once(" = ").map(|(call, outcome)| (call.to_owned(), outcome.to_owned()));
    Pair::Works(said.lines().map(|line| call(line).expect("a call and its outcome")).collect())
}

/// Rows of a host's calls, one column a plugin; and what was refused, in full.
fn table() -> String {
    let mut rows =
        "| host | | plugin 1.0 | plugin 1.1 | plugin 1.2 |\n| --- | --- | --- | --- | --- |\n".to_owned();
    let mut refusals = String::new();
    for (version, host) in VERSIONS {
        let pairs = VERSIONS.map(|(_, plugin)| pair(host, plugin));
        let cells = |cell: &dyn Fn(&Pair) -> String| pairs.iter().map(cell).collect::<Vec<_>>().join(" | ");
        let verdict = |pair: &Pair| match pair {
            Pair::Works(_) => "works".to_owned(),
            Pair::Refused(_) => "**refused**".to_owned(),
        };
        let _ = writeln!(rows, "| **{version}** | | {} |", cells(&verdict));
        let calls = pairs.iter().find_map(|pair| match pair {
            Pair::Works(calls) => Some(calls),
            Pair::Refused(_) => None,
        });
        for (at, (call, _)) in calls.expect("a host loads the plugin of its own version").iter().enumerate() {
            let outcome = |pair: &Pair| match pair {
                Pair::Works(calls) => format!("`{}`", calls[at].1),
                Pair::Refused(_) => String::new(),
            };
            let _ = writeln!(rows, "| {version} | `{call}` | {} |", cells(&outcome));
        }
        for (pair, (plugin, _)) in pairs.iter().zip(VERSIONS) {
            if let Pair::Refused(text) = pair {
                let _ = write!(refusals, "\nHost {version}, plugin {plugin}:\n\n```text\n{text}```\n");
            }
        }
    }
    rows + &refusals
}

fn page() -> PathBuf {
    root().join("docs/evolution.md")
}

#[test]
fn the_page_shows_what_comes_of_every_pair() {
    let (table, page) = (table(), page());
    let text = std::fs::read_to_string(&page).expect("there is a page");
    let (before, rest) = text.split_once(MARKS[0]).expect("a mark before the table");
    let (shown, after) = rest.split_once(MARKS[1]).expect("a mark behind the table");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        let written = [before, MARKS[0], &table, MARKS[1], after].concat();
        std::fs::write(&page, written).expect("it can be written");
    } else {
        assert_eq!(shown, table, "INSTA_UPDATE=always writes it anew");
    }
}
