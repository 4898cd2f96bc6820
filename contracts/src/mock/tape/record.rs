//! Lines, as calls come.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use plugin_abi::describe::ContractDesc;
use plugin_abi::json::{Map, NoJson, Value};

use super::{Document, Pending, REVISION};

/// A file that calls are written to, each when it is over: whatever happens then, those before are there.
pub(super) struct Recorder {
    path: PathBuf,
    file: Mutex<File>,
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

impl Recorder {
    pub(super) fn new(path: &Path, contract: &ContractDesc) -> io::Result<Self> {
        let methods = contract.methods.iter().map(|method| {
            let of = object([
                ("signature", method.signature.into()),
                ("fingerprint", method.fingerprint.to_string().into()),
            ]);
            (method.name.to_owned(), of)
        });
        let head = object([
            ("recording", REVISION.into()),
            ("contract", contract.id.into()),
            ("version", contract.version.into()),
            ("methods", Value::Object(methods.collect::<Map<_, _>>())),
        ]);
        let mut file = File::create(path)?;
        writeln!(file, "{head}")?;
        Ok(Self { path: path.to_owned(), file: Mutex::new(file) })
    }

    pub(super) fn write(&self, Pending { method, args, written }: Pending, result: Document) {
        let part = |name: &str, part: Document| {
            part.map_err(|NoJson { at, why }| NoJson { at: format!("{name}{at}"), why })
        };
        // Each names its argument already.
        let line = match args.and_then(|args| Ok((args, part("result", result)?))) {
            Ok((args, result)) if written.is_empty() => {
                object([("method", method.into()), ("args", args), ("result", result)])
            }
            Ok((args, result)) => object([
                ("method", method.into()),
                ("args", args),
                ("result", result),
                ("written", Value::Object(written)),
            ]),
            Err(why) => object([("method", method.into()), ("unrecorded", why.to_string().into())]),
        };
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // In one piece: what is cut short is one line.
        if let Err(error) = file.write_all(format!("{line}\n").as_bytes()) {
            panic!("{}: the recording cannot be written: {error}", self.path.display());
        }
    }
}
