//! A library in this process: the first code of the plugin runs here.
//!
//! In: a file that the handshake accepted. Out: its export, checked, and what its functions return. It does not know the
//! contract beyond names and fingerprints.

use std::mem::MaybeUninit;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use plugin_abi::call::Out;
use plugin_abi::describe::ContractDesc;
use plugin_abi::wire::{RawSlice, RawVec};
use plugin_abi::{
    ContextAbi, Contract, ContractTable, Export, HostServices, PairAbi, PluginType, Row, Status,
};

use super::symbols::{HEAD, check_head};
use crate::LoadError;
use crate::handshake::Bound;

/// A library and its export. Dropping it unmaps nothing.
pub(super) struct Image {
    path: PathBuf,
    export: &'static Export,
}

impl Image {
    /// Opens the library under a name that stands for this very file, and looks at its export.
    ///
    /// # Safety
    /// The file's code may run with this process's rights.
    pub(super) unsafe fn open(path: &Path, name: &Path, symbol: &str) -> Result<Self, LoadError> {
        // SAFETY: the caller vouches for the code.
        let library = unsafe { Library::open(Some(name), RTLD_NOW | RTLD_LOCAL) };
        let library = library
            .map_err(|error| LoadError::Open { path: path.to_owned(), message: linker_message(&error) })?;
        // SAFETY: an address is taken, nothing is read yet.
        let found = unsafe { library.get::<*const Export>(symbol.as_bytes()) };
        let address = found.ok().map(|symbol| symbol.as_raw_ptr().cast::<Export>());
        // A plugin may have started threads or registered callbacks: its code stays for good.
        std::mem::forget(library);
        let Some(address) = address.filter(|address| !address.is_null() && address.is_aligned()) else {
            return Err(LoadError::SymbolMissing { path: path.to_owned(), symbol: symbol.to_owned() });
        };
        // SAFETY: the file has at least these bytes under the symbol, as `check_export` has seen.
        let head = unsafe { std::slice::from_raw_parts(address.cast::<u8>(), HEAD) };
        check_head(path, head)?;
        // SAFETY: magic, revision and size are those of an `Export`, and the image stays mapped for good.
        let export = unsafe { &*address };
        let image = Self { path: path.to_owned(), export };
        image.connect()?;
        Ok(image)
    }

    fn connect(&self) -> Result<(), LoadError> {
        let services = HostServices::new();
        // SAFETY: the revision says what `connect` takes; the services are lent for the call.
        let status = unsafe { (self.export.connect)(&raw const services) };
        if status == Status::OK {
            Ok(())
        } else {
            Err(self.bad("a plugin that connects", &format!("status {}", status.0)))
        }
    }

    fn bad(&self, expected: &str, found: &str) -> LoadError {
        LoadError::BadExport {
            path: self.path.clone(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        }
    }

    /// Fills the host's table with what the handshake bound.
    pub(super) fn bind<C: ?Sized + Contract>(
        &self,
        desc: &'static ContractDesc,
        bound: &Bound,
    ) -> Result<C::Table, LoadError> {
        let no_table = || self.bad(&format!("a table of `{}`", desc.id), "none");
        // SAFETY: an export's tables are statics of the image.
        let tables: &[ContractTable] = unsafe { self.export.contracts.borrow() }.map_err(|_| no_table())?;
        let named = |name: RawSlice<u8>, text: &str| {
            // SAFETY: names in a table are statics of the image.
            unsafe { name.borrow() }.is_ok_and(|name| name == text.as_bytes())
        };
        let table = tables.iter().find(|table| named(table.id, desc.id)).ok_or_else(no_table)?;
        // SAFETY: a table's rows are statics of the image.
        let rows: &[Row] = unsafe { table.rows.borrow() }.map_err(|_| no_table())?;
        // The host's own fingerprint is not asked for: the handshake knows which of the plugin's means the same, and
        // what the plugin calls it.
        let find = |method: &'static str, _| {
            let (name, fingerprint) = bound.row(method)?;
            let fingerprint = fingerprint.halves();
            let row = rows.iter().find(|row| row.fingerprint == fingerprint && named(row.name, name))?;
            NonNull::new(row.call.cast_mut())
        };
        // SAFETY: the plugin's macros put each shim beside its name and fingerprint, and the handshake found that
        // fingerprint to be the same on the wire.
        unsafe { C::bind(&find) }.map_err(|unbound| {
            let name = bound.row(unbound.method).map_or(unbound.method, |(name, _)| name);
            self.bad(&format!("`{name}` in the table, as in the note"), "no such row")
        })
    }

    /// Calls the constructor.
    pub(super) fn create(&self, plugin: &str, config: &[(String, String)]) -> Result<*mut (), LoadError> {
        let pairs: Vec<_> =
            config.iter().map(|(key, value)| PairAbi { key: text(key), value: text(value) }).collect();
        let context = ContextAbi { size: size_of::<ContextAbi>(), config: RawSlice::new(&pairs) };
        let mut out = MaybeUninit::<Out<*mut ()>>::uninit();
        plugin_abi::note_caller();
        // SAFETY: the revision says what `create` takes; everything is lent for the call.
        let status = unsafe { (self.export.create)(self.export, &raw const context, out.as_mut_ptr()) };
        if status == Status::OK {
            // SAFETY: the status says that an object was written.
            return Ok(unsafe { out.as_ptr().cast::<*mut ()>().read() });
        }
        let plugin = plugin.to_owned();
        if status != Status::ERROR && status != Status::PANICKED {
            return Err(self.bad("a constructor's status", &format!("status {}", status.0)));
        }
        // SAFETY: both statuses say that a text was written.
        let written = unsafe { out.as_ptr().cast::<RawVec<u8>>().read() };
        // SAFETY: it was written as a `String` crosses, and is read once.
        let message = unsafe { String::from_abi(written) };
        let message = message.unwrap_or_else(|invalid| format!("a text that cannot be shown: {invalid}"));
        if status == Status::ERROR {
            Err(LoadError::Constructor { plugin, message })
        } else {
            Err(LoadError::ConstructorPanicked { plugin, message })
        }
    }

    /// The destructor of objects that `create` made.
    pub(super) fn destroy(&self) -> unsafe extern "C" fn(*mut (), *mut Out<u8>) -> Status {
        self.export.destroy
    }
}

fn text(text: &str) -> RawSlice<u8> {
    text.into_abi()
}

/// What the dynamic linker said, without the error type around it.
fn linker_message(error: &libloading::Error) -> String {
    use std::error::Error as _;
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}
