//! Answers, from lines.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use plugin_abi::describe::{ContractDesc, MethodDesc};
use plugin_abi::json::{self, Value};

use super::{Answered, Document, Found, Given, REVISION};

/// Why a file is no recording of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayError {
    text: String,
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for ReplayError {}

/// A file's calls.
pub(super) struct Recording {
    path: String,
    /// By the method's name, in the order in which they were answered.
    calls: BTreeMap<String, Mutex<Vec<Line>>>,
}

struct Line {
    number: usize,
    args: Value,
    written: Value,
    /// Nothing once it was given.
    result: Option<Result<Value, String>>,
}

/// How many calls that are not it are shown.
const SHOWN: usize = 5;

impl Recording {
    pub(super) fn read(path: &Path, contract: &ContractDesc) -> Result<Self, ReplayError> {
        let path_text = path.display().to_string();
        let wrong = |number: usize, why: &str| ReplayError { text: format!("{path_text}:{number}: {why}") };
        let text = fs::read_to_string(path).map_err(|error| ReplayError {
            text: format!(
                "{path_text}: {error}\n  record it first, with a mock that is `recording` a real object"
            ),
        })?;
        let mut lines = (1..).zip(text.lines());
        let head = lines.next().and_then(|(_, line)| json::from_str::<Value>(line).ok()).unwrap_or_default();
        let revision = head["recording"].as_u64();
        if revision != Some(REVISION) {
            let why = match revision {
                Some(newer) => {
                    format!("a recording of form {newer}, and this reads {REVISION}: record it again")
                }
                None => "expected a recording, which begins with {\"recording\":1,…}, found something else"
                    .to_owned(),
            };
            return Err(wrong(1, &why));
        }
        let of = head["contract"].as_str().unwrap_or_default();
        if of != contract.id {
            let why = format!("expected a recording of `{}`, found one of `{of}`", contract.id);
            return Err(wrong(1, &why));
        }
        let mut calls: BTreeMap<String, Mutex<Vec<Line>>> = BTreeMap::new();
        for (number, line) in lines {
            let mut found = json::from_str::<Value>(line).map_err(|error| {
                let cure =
                    "the recording was cut short or changed by hand: remove the line, or record it again";
                wrong(number, &format!("expected a call as JSON: {error}\n  {cure}"))
            })?;
            let Some(method) = found["method"].as_str() else {
                return Err(wrong(number, "expected a call, which has a `method`: record it again"));
            };
            let method = current(method, &head, contract).map_err(|why| wrong(number, &why))?;
            let unrecorded = found["unrecorded"].as_str().map(ToOwned::to_owned);
            let result = match (unrecorded, found.get_mut("result")) {
                (Some(why), _) => Err(why),
                (None, Some(result)) => Ok(result.take()),
                (None, None) => return Err(wrong(number, "the call has no `result`: record it again")),
            };
            let args = found.get_mut("args").map(Value::take).unwrap_or_default();
            let written = found.get_mut("written").map(Value::take).unwrap_or_default();
            let lines = calls.entry(method.name.to_owned()).or_default();
            let line = Line { number, args, written, result: Some(result) };
            lines.get_mut().unwrap_or_else(PoisonError::into_inner).push(line);
        }
        Ok(Self { path: path_text, calls })
    }

    /// The first answer to such a call that was not given yet.
    pub(super) fn find(&self, method: &str, args: impl FnOnce() -> Document) -> Found {
        let Some(lines) = self.calls.get(method) else { return Found::Nothing };
        let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        let path = &self.path;
        if let Some((number, why)) = lines.iter().find_map(|line| match &line.result {
            Some(Err(why)) => Some((line.number, why)),
            _ => None,
        }) {
            return Found::Other(format!(
                "{path}:{number} has the call, and not what it did: {why}\n           say it with expect_{method}"
            ));
        }
        let args = match args() {
            Ok(args) => args,
            Err(why) => return Found::Other(format!("{path} cannot be asked: {why}")),
        };
        let same = lines.iter_mut().filter(|line| line.args == args);
        let mut given = Vec::new();
        for line in same {
            match line.result.take() {
                Some(Ok(result)) => {
                    let (result, written) = (Answered(result), Answered(line.written.take()));
                    return Found::Answer(Given { result, written, line: format!("{path}:{}", line.number) });
                }
                _ => given.push(line.number.to_string()),
            }
        }
        let mut text = if given.is_empty() {
            format!("{path} has {} of {method}, and none with these arguments", calls(lines.len()))
        } else {
            format!("{path} answered it already, in line {}", given.join(", "))
        };
        if given.is_empty() {
            for line in lines.iter().take(SHOWN) {
                let mut shown = line.args.to_string();
                if let Some((end, _)) = shown.char_indices().nth(100) {
                    shown.truncate(end);
                    shown.push('…');
                }
                let _ = write!(text, "\n           line {}: {shown}", line.number);
            }
            if lines.len() > SHOWN {
                let _ = write!(text, "\n           and {} more", lines.len() - SHOWN);
            }
        }
        let _ = write!(text, "\n           record it again, or say it with expect_{method}");
        Found::Other(text)
    }
}

fn calls(count: usize) -> String {
    if count == 1 { "1 call".to_owned() } else { format!("{count} calls") }
}

/// The method that a line is of, as the contract has it now.
fn current<'a>(name: &str, head: &Value, contract: &'a ContractDesc) -> Result<&'a MethodDesc, String> {
    let was = &head["methods"][name];
    let is = contract
        .methods
        .iter()
        .find(|method| method.name == name)
        .or_else(|| contract.methods.iter().find(|method| method.renamed_from.contains(&name)));
    let (id, version) = (contract.id, contract.version);
    let Some(is) = is else {
        return Err(format!(
            "`{id}` {version} has no method `{name}`: the recording is of {}\n  record it again, or remove the line",
            head["version"].as_str().unwrap_or("an unknown version")
        ));
    };
    let print = was["fingerprint"].as_str().unwrap_or_default();
    if print != is.fingerprint.to_string() {
        let was = was["signature"].as_str().unwrap_or("unknown");
        let same = if was == is.signature { ", of another type of that name" } else { "" };
        return Err(format!(
            "`{name}` was recorded as `{was}`, and is `{}`{same}\n  record it again",
            is.signature
        ));
    }
    Ok(is)
}
