//! A library in this process: the first code of the plugin runs here.
//!
//! In: a file that the handshake accepted. Out: its export, checked, and what its functions return. It does not know the
//! contract beyond names and fingerprints.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::mem::{MaybeUninit, offset_of};
use std::path::{Path, PathBuf};
use std::ptr::NonNull;
use std::sync::atomic::AtomicIsize;
use std::sync::{Mutex, PoisonError};

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use plugin_abi::call::Out;
use plugin_abi::describe::ContractDesc;
use plugin_abi::name::DIRECT;
use plugin_abi::wire::{RawSlice, RawVec};
use plugin_abi::{
    ContextAbi, Contract, ContractTable, Export, Fingerprint, HostServices, Memory, PairAbi, PluginType, Row,
    Status,
};

use super::symbols::{HEAD, check_head};
use crate::LoadError;
use crate::handshake::Bound;

/// A library and its export. Dropping it unmaps nothing.
pub(super) struct Image {
    path: PathBuf,
    /// Not a reference: it may end before what this host knows of an export.
    export: *const Export,
    live: Option<&'static AtomicIsize>,
}

// SAFETY: an export is immutable, and is there for good.
unsafe impl Send for Image {}
// SAFETY: as above.
unsafe impl Sync for Image {}

/// Reads a field of an export that every export has.
macro_rules! field {
    ($image:expr, $field:ident) => {
        // SAFETY: `open` has seen that the export goes at least as far, and the image stays mapped for good.
        unsafe { (*$image.export).$field }
    };
}

impl Image {
    /// Opens the library under a name that stands for this very file, and looks at its export.
    ///
    /// # Safety
    /// The file's code may run with this process's rights.
    pub(super) unsafe fn open(path: &Path, name: &OsStr, symbol: &str) -> Result<Self, LoadError> {
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
        for (name, at) in [
            ("connect", offset_of!(Export, connect)),
            ("create", offset_of!(Export, create)),
            ("destroy", offset_of!(Export, destroy)),
        ] {
            // SAFETY: every export goes as far, as its size says.
            let place = unsafe { address.byte_add(at) };
            // SAFETY: as above; a pointer is there, whatever it is.
            if unsafe { place.cast::<*const ()>().read() }.is_null() {
                return Err(LoadError::BadExport {
                    path: path.to_owned(),
                    expected: format!("a function `{name}`"),
                    found: "null".to_owned(),
                });
            }
        }
        let mut image = Self { path: path.to_owned(), export: address, live: None };
        image.connect()?;
        Ok(image)
    }

    /// The address of another static of the library, which it has: `name` is the one it was opened under.
    #[cfg(feature = "mock")]
    pub(super) fn symbol(&self, name: &OsStr, symbol: &str) -> Option<NonNull<()>> {
        // SAFETY: the library is open under this name: nothing of it runs once more.
        let library = unsafe { Library::open(Some(name), RTLD_NOW | RTLD_LOCAL) }.ok()?;
        // SAFETY: an address is taken, nothing is read yet.
        let found = unsafe { library.get::<*const ()>(symbol.as_bytes()) };
        let address = found.ok().map(|symbol| symbol.as_raw_ptr().cast::<()>());
        std::mem::forget(library);
        address.and_then(NonNull::new)
    }

    fn flags(&self) -> u64 {
        let ends = field!(self, size) as usize;
        if ends < offset_of!(Export, flags) + size_of::<u64>() {
            return 0;
        }
        // SAFETY: the export goes as far.
        unsafe { (*self.export).flags }
    }

    fn connect(&mut self) -> Result<(), LoadError> {
        let mut services = HostServices::new();
        if self.flags() & Export::LENT != 0 {
            let account = account(self.export);
            services = services.lending(&account.memory);
            self.live = Some(account.live);
        }
        let connect = field!(self, connect);
        // SAFETY: the revision says what `connect` takes; the services are lent for the call.
        let status = unsafe { connect(&raw const services) };
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

    /// Fills the host's table with what the handshake bound: with every method under its own name and fingerprint, where the
    /// note says just what the host expects.
    pub(super) fn bind<C: ?Sized + Contract>(
        &self,
        desc: &'static ContractDesc,
        bound: Option<&Bound>,
    ) -> Result<C::Table, LoadError> {
        let no_table = || self.bad(&format!("a table of `{}`", desc.id), "none");
        let contracts = field!(self, contracts);
        // SAFETY: an export's tables are statics of the image.
        let tables: &[ContractTable] = unsafe { contracts.borrow() }.map_err(|_| no_table())?;
        let named = |name: RawSlice<u8>, text: &str| {
            // SAFETY: names in a table are statics of the image.
            unsafe { name.borrow() }.is_ok_and(|name| name == text.as_bytes())
        };
        let table = tables.iter().find(|table| named(table.id, desc.id)).ok_or_else(no_table)?;
        // SAFETY: a table's rows are statics of the image.
        let rows: &[Row] = unsafe { table.rows.borrow() }.map_err(|_| no_table())?;
        // As a rule the rows lie in the order in which they are asked for.
        let next = Cell::new(0);
        let find = |asked: &'static str, fingerprint: Fingerprint| {
            let (method, mark) = asked.strip_suffix(DIRECT).map_or((asked, ""), |method| (method, DIRECT));
            // The handshake knows which of the plugin's fingerprints means the same, and what the plugin calls the method.
            let (name, fingerprint) = bound.map_or(Some((method, fingerprint)), |bound| bound.row(method))?;
            let fingerprint = fingerprint.halves();
            let is_it = |row: &Row| {
                // SAFETY: names in a table are statics of the image.
                let found = unsafe { row.name.borrow() }.ok();
                let found = found.and_then(|found| found.strip_suffix(mark.as_bytes()));
                row.fingerprint == fingerprint && found == Some(name.as_bytes())
            };
            let at = Some(next.get()).filter(|at| rows.get(*at).is_some_and(is_it));
            let at = at.or_else(|| rows.iter().position(is_it))?;
            next.set(at + 1);
            NonNull::new(rows.get(at)?.call.cast_mut())
        };
        // SAFETY: the plugin's macros put each shim beside its name and fingerprint, and the handshake found that
        // fingerprint to be the host's own, or the same on the wire.
        unsafe { C::bind(&find) }.map_err(|unbound| {
            let row = bound.and_then(|bound| bound.row(unbound.method));
            let name = row.map_or(unbound.method, |(name, _)| name);
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
        let create = field!(self, create);
        // SAFETY: the revision says what `create` takes; everything is lent for the call.
        let status = unsafe { create(self.export, &raw const context, out.as_mut_ptr()) };
        if status == Status::OK {
            // SAFETY: the status says that an object was written.
            let object = unsafe { out.as_ptr().cast::<*mut ()>().read() };
            return if object.is_null() {
                Err(self.bad("an object of the constructor's", "null"))
            } else {
                Ok(object)
            };
        }
        let plugin = plugin.to_owned();
        if !status.has_text() {
            return Err(self.bad("a constructor's status", &format!("status {}", status.0)));
        }
        // SAFETY: the status says that a text was written.
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
        field!(self, destroy)
    }

    /// The count of what the library has of this host's memory, if it is lent any.
    pub(super) fn live(&self) -> Option<&'static AtomicIsize> {
        self.live
    }
}

/// What one library gets of this host's memory.
struct Account {
    live: &'static AtomicIsize,
    memory: Memory,
}

/// The account of the library with this export. Libraries stay mapped for good, and so do their accounts.
fn account(export: *const Export) -> &'static Account {
    static ACCOUNTS: Mutex<BTreeMap<usize, &'static Account>> = Mutex::new(BTreeMap::new());
    let mut accounts = ACCOUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    accounts.entry(export.addr()).or_insert_with(|| {
        let live = Box::leak(Box::new(AtomicIsize::new(0)));
        Box::leak(Box::new(Account { live, memory: Memory::of(live) }))
    })
}

fn text(text: &str) -> RawSlice<u8> {
    text.into_abi()
}

/// What the dynamic linker said, without the error type around it.
fn linker_message(error: &libloading::Error) -> String {
    use std::error::Error as _;
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}
