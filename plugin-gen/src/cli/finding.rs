//! A finding as the command line tells it: where it stands in which file, what it breaks, what to do.
//!
//! In: differences, and the sources they are about. Out: findings with places. It does not print.

use std::cell::OnceCell;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream};

use crate::check::{check_items, rust_files};
use crate::lock::{Compat, Difference, Level, Lock, Place, Step, in_contract, in_type};
use crate::report::{Code, Finding as Written};
use crate::syntax::{Items, Version, items_in};

/// A finding.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    /// The package it concerns.
    pub(super) package: String,
    /// Its rule.
    pub(super) code: Code,
    /// How much it matters.
    pub(super) level: Level,
    /// What it is about: `acme.store.put`.
    pub(super) item: String,
    /// What happened, in one sentence.
    pub(super) message: String,
    /// What stood there; may be empty.
    pub(super) was: String,
    /// What stands there; may be empty.
    pub(super) is: String,
    /// The contract that was promised, and at which version: `acme.store 1.1.0`.
    pub(super) promised: String,
    /// The first version that may have it.
    pub(super) needs: Option<Version>,
    /// Whether it breaks such pairs of old and new only as were never promised to work.
    pub(super) is_unpromised: bool,
    /// Whom it breaks.
    pub(super) breaks: Option<&'static str>,
    /// What to do.
    pub(super) help: String,
    /// Where it stands, when it stands anywhere.
    pub(super) place: Option<At>,
}

/// A place in a file.
#[derive(Clone, Debug)]
pub(super) struct At {
    /// The file.
    pub(super) path: PathBuf,
    /// Its text.
    pub(super) source: std::rc::Rc<str>,
    /// Bytes of the text.
    pub(super) bytes: Range<usize>,
}

/// A place as editors count: lines and columns from 1, the end behind the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
}

impl At {
    /// Lines and columns, in characters.
    pub(super) fn region(&self) -> Region {
        let point = |byte: usize| {
            let before = &self.source[..byte];
            let line_start = before.rfind('\n').map_or(0, |at| at + 1);
            (1 + before.matches('\n').count(), 1 + before[line_start..].chars().count())
        };
        let ((line, column), (end_line, end_column)) = (point(self.bytes.start), point(self.bytes.end));
        Region { line, column, end_line, end_column }
    }
}

impl Finding {
    /// Whether somebody has to do something.
    pub(super) fn is_error(&self) -> bool {
        self.level != Level::Patch
    }

    /// A finding about a file or a package, without a contract.
    pub(super) fn plain(
        package: &str,
        code: Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        let none = String::new;
        Self {
            package: package.to_owned(),
            code,
            level: Level::Error,
            item: none(),
            message: message.into(),
            was: none(),
            is: none(),
            promised: none(),
            needs: None,
            is_unpromised: false,
            breaks: None,
            help: help.into(),
            place: None,
        }
    }

    /// A difference from this lock, at its place in these sources.
    pub(super) fn new(package: &str, found: &Difference, lock: &Lock, sources: &Sources) -> Self {
        let id = match &found.place {
            Place::Contract { id, .. } | Place::Method { id, .. } => Some(id.as_str()),
            Place::Type { name, .. } => lock.spokesman(name).map(|(id, _)| id),
            Place::Lock => lock.contracts.contains_key(&found.item).then_some(found.item.as_str()),
        };
        let promised = id.and_then(|id| Some((id, lock.contracts.get(id)?)));
        let compat = promised.map_or_else(Compat::default, |(_, contract)| contract.compat);
        let version = promised.map(|(_, contract)| contract.version);
        let needs = version
            .map(|version| found.step(compat).after(version))
            .filter(|needed| Some(*needed) != version);
        Self {
            package: package.to_owned(),
            code: found.code,
            level: found.level,
            item: found.item.clone(),
            message: found.what.clone(),
            was: found.was.clone(),
            is: found.is.clone(),
            promised: promised
                .map_or_else(String::new, |(id, contract)| format!("{id} {}", contract.version)),
            needs,
            is_unpromised: found.level == Level::Breaking && found.step(compat) < Step::Major,
            breaks: found.breaks(),
            help: found.help(version.unwrap_or(Version { major: 1, minor: 0, patch: 0 }), compat),
            place: sources.find(&found.place),
        }
    }
}

/// The sources of a package, read when somebody asks.
pub(super) struct Sources {
    directory: PathBuf,
    files: OnceCell<Vec<Source>>,
}

struct Source {
    path: PathBuf,
    text: std::rc::Rc<str>,
    items: Items,
}

impl Sources {
    /// Those under a directory.
    pub(super) fn under(directory: &Path) -> Self {
        Self { directory: directory.to_owned(), files: OnceCell::new() }
    }

    fn files(&self) -> &[Source] {
        self.files.get_or_init(|| {
            let paths = rust_files(&self.directory).unwrap_or_default();
            let read = |path: PathBuf| {
                let text = fs::read_to_string(&path).ok()?;
                let speaks = text.contains("plugin_contract") || text.contains("PluginType");
                // What cannot be read, rustc shows better.
                speaks.then(|| Source { path, items: items_in(&text).unwrap_or_default(), text: text.into() })
            };
            paths.into_iter().filter_map(read).collect()
        })
    }

    /// Where the words of a place stand; nothing where a macro of the author's wrote them.
    pub(super) fn find(&self, place: &Place) -> Option<At> {
        self.files().iter().find_map(|source| {
            let tokens = source.tokens(place)?;
            let (start, end) = Written::new(Code::P000, &tokens, "", "").spans();
            source.at(start, end)
        })
    }

    /// What the words of the sources prove under this lock.
    pub(super) fn words(&self, package: &str, lock: &Lock) -> Vec<Finding> {
        let checked =
            self.files().iter().flat_map(|source| check_items(&source.items, lock, &[], &|_| true).findings);
        let drifts = checked.filter_map(|finding| finding.drift);
        drifts.map(|found| Finding::new(package, &found, lock, self)).collect()
    }

    /// Where the version of a contract stands, quotes included.
    pub(super) fn version(&self, id: &str) -> Option<At> {
        self.files().iter().find_map(|source| {
            let contract = source.items.contracts.iter().find(|contract| contract.arguments.id == id)?;
            let span = contract.arguments.version_span;
            source.at(span, span).filter(|at| source.text[at.bytes.clone()].starts_with('"'))
        })
    }

    /// Whether a contract is written there, be it in a file that cannot be read or in a macro's arguments.
    pub(super) fn declare(&self) -> bool {
        self.files().iter().any(|source| source.text.contains("plugin_contract("))
    }

    /// The file that the contract with this id is written in, compiled or not.
    pub(super) fn file_of(&self, id: &str) -> Option<&Path> {
        let has =
            |source: &&Source| source.items.contracts.iter().any(|contract| contract.arguments.id == id);
        self.files().iter().find(has).map(|source| source.path.as_path())
    }

    /// The ids of contracts that are not to be locked.
    pub(super) fn is_unlocked(&self, id: &str) -> bool {
        let contracts = self.files().iter().flat_map(|source| &source.items.contracts);
        contracts.into_iter().any(|contract| contract.arguments.id == id && contract.arguments.unlocked)
    }
}

impl Source {
    fn tokens(&self, place: &Place) -> Option<TokenStream> {
        match place {
            Place::Contract { id, .. } | Place::Method { id, .. } => {
                let contract = self.items.contracts.iter().find(|contract| contract.arguments.id == *id)?;
                Some(in_contract(contract, None, place))
            }
            Place::Type { name, .. } => {
                let ty = self.items.types.iter().find(|ty| ty.name == *name)?;
                Some(in_type(ty, place))
            }
            Place::Lock => None,
        }
    }

    fn at(&self, start: Span, end: Span) -> Option<At> {
        let bytes = start.byte_range().start..end.byte_range().end;
        let inside = bytes.start < bytes.end && self.text.get(bytes.clone()).is_some();
        inside.then(|| At { path: self.path.clone(), source: self.text.clone(), bytes })
    }
}
