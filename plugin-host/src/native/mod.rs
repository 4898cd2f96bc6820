//! The loader of ELF shared objects: decide first, run later.
//!
//! In: a path and configuration. Out: a [`Plugin`], or why not. Everything up to `Image::open` only reads the file; the
//! first code of the plugin runs in there.

mod c_library;
#[allow(clippy::useless_conversion, reason = "a file header's fields have 32 bits on 32-bit targets")]
mod dynamic;
#[allow(clippy::useless_conversion, reason = "as above")]
mod elf;
mod image;
mod loaded;
mod source;
#[allow(clippy::useless_conversion, reason = "as above")]
mod symbols;

use std::path::Path;
#[cfg(feature = "mock")]
use std::ptr::NonNull;
use std::sync::Arc;

use plugin_abi::describe::{ContractDesc, MethodDesc, Waiting};
use plugin_abi::note::{Contract, Record};
use plugin_abi::{Instance, OnPanic, Raw};

use crate::handshake::{self, Mismatch, Refusal};
use crate::plugin::Settings;
use crate::{LoadError, Plugin};

/// Whether what a method returns refers to the object when the call is over.
fn keeps_hold(method: &MethodDesc) -> bool {
    method.shape.waiting != Waiting::Blocks || plugin_abi::borrows(method.shape.ret) > 0
}

/// The contract among those that a record exports.
fn contract<'a>(path: &Path, desc: &ContractDesc, record: &'a Record) -> Result<&'a Contract, LoadError> {
    record.contract(desc.id).ok_or_else(|| {
        let found = record.contracts.iter().map(|contract| format!("`{}`", contract.id)).collect();
        LoadError::ContractAbsent { path: path.to_owned(), contract: desc.id, found }
    })
}

/// Loads a plugin from a file.
///
/// # Safety
/// As for [`Plugin::load`].
pub(crate) unsafe fn load<C: ?Sized + plugin_abi::Contract>(
    path: &Path,
    settings: Settings,
) -> Result<Plugin<C>, LoadError> {
    let desc = C::DESC;
    let mut room = source::Room::new();
    let library = elf::Library::read(path, &mut room, desc.id, C::NOTED)?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let bound = match &library.export.record {
        None => None,
        Some(record) => {
            let found = contract(path, desc, record)?;
            let bound = handshake::bind(desc, record, found).map_err(|mismatches| {
                let missing = matches!(mismatches.first(), Some(Mismatch { found: None, .. }));
                let refusal = Box::new(Refusal::new(name.clone(), desc, found, mismatches));
                if missing { LoadError::MethodMissing(refusal) } else { LoadError::SignatureDiffers(refusal) }
            })?;
            Some(bound)
        }
    };
    if settings.require_unwind && library.export.panic_abort {
        return Err(LoadError::PanicAborts { path: path.to_owned() });
    }
    if matches!(settings.on_panic, OnPanic::Restart { .. })
        && let Some(method) = desc.methods.iter().find(|method| keeps_hold(method))
    {
        return Err(LoadError::CannotRestart { contract: desc.id, method: method.name });
    }
    library.check_dynamic()?;
    let (export, file, metadata) = library.into_parts();
    let name_for_linker = loaded::name(path, file, &metadata)?;
    // SAFETY: the caller vouches for the file's code.
    let image = unsafe { image::Image::open(path, &name_for_linker, &export.symbol) };
    let image = image.inspect_err(|error| {
        if matches!(error, LoadError::Open { .. }) {
            loaded::forget(&name_for_linker);
        }
    })?;
    let live = image.live();
    let table = image.bind::<C>(desc, bound.as_ref())?;
    let object = image.create(&name, &settings.config)?;
    // SAFETY: `create` made the object just now, for nobody else; images stay mapped for good.
    let instance = unsafe { Instance::new(object, image.destroy(), name.clone(), desc.id) };
    let Settings { config, on_panic, .. } = settings;
    let instance = match on_panic {
        OnPanic::Fail => instance,
        policy => {
            let construct = move || image.create(&name, &config).map_err(|error| error.to_string());
            // SAFETY: `construct` calls the same `create`.
            unsafe { instance.on_panic(policy, Box::new(construct)) }
        }
    };
    let instance = Arc::new(instance);
    // SAFETY: object and table are of one plugin, and its image stays mapped for good.
    let stub = unsafe { C::stub(Raw::new(Arc::clone(&instance)), table) };
    Ok(Plugin::new(stub, instance, live))
}

/// Opens a mock's library, and finds the control in it.
///
/// # Safety
/// As for [`Plugin::load`].
#[cfg(feature = "mock")]
pub(crate) unsafe fn control<C: ?Sized + plugin_abi::Contract>(
    path: &Path,
) -> Result<NonNull<plugin_abi::mock::Control>, LoadError> {
    let desc = C::DESC;
    let mut room = source::Room::new();
    let library = elf::Library::read(path, &mut room, desc.id, &[])?;
    let not_a_mock = || LoadError::NotAMock { path: path.to_owned() };
    let record = library.export.record.as_ref().ok_or_else(not_a_mock)?;
    let found = contract(path, desc, record)?;
    let crate_name = record.symbol.strip_prefix(plugin_abi::name::ENTRY_PREFIX).ok_or_else(not_a_mock)?;
    let symbol = format!("{}{crate_name}", plugin_abi::name::MOCK_PREFIX);
    if !library.has_control(&symbol)? {
        return Err(not_a_mock());
    }
    // Calls go there and on from there: nothing may differ, however compatible it is.
    let differs = desc.methods.iter().find(|method| {
        found.method(method.name).is_some_and(|found| found.fingerprint != method.fingerprint)
    });
    if let Some(method) = differs {
        let path = path.to_owned();
        return Err(LoadError::MockDiffers { path, contract: desc.id, method: method.name });
    }
    library.check_dynamic()?;
    let (export, file, metadata) = library.into_parts();
    let name = loaded::name(path, file, &metadata)?;
    // SAFETY: the caller vouches for the file's code.
    let image = unsafe { image::Image::open(path, &name, &export.symbol) };
    let image = image.inspect_err(|error| {
        if matches!(error, LoadError::Open { .. }) {
            loaded::forget(&name);
        }
    })?;
    let control = image.symbol(&name, &symbol).map(NonNull::cast::<plugin_abi::mock::Control>);
    control.filter(|control| control.is_aligned()).ok_or_else(not_a_mock)
}
