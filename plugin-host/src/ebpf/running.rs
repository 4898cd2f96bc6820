//! What the kernel tells of a program that runs, whoever loaded it.
//!
//! In: a program. Out: its function, where it may be attached, and what it says of itself: constants in `.rodata` whose names begin
//! with `bpf_metadata_`, which the generated header has and `bpftool prog show` prints. It does not know links.

use std::os::fd::{AsFd as _, AsRawFd as _, OwnedFd};

use libbpf_rs::btf::types::DataSec;
use libbpf_rs::btf::{Btf, BtfType, TypeId};
use libbpf_rs::{Error, ErrorKind, MapCore as _, MapFlags, MapHandle, MapType, Program, ProgramType};
use libbpf_sys::{bpf_func_info, bpf_prog_info};
use plugin_contracts::kernel::{KernelError, Running};

use super::refusal;
use super::table::system;

/// How the names begin.
///
/// Source: bpftool-prog(8), "bpftool prog show": "bpf metadata".
const PREFIX: &str = "bpf_metadata_";

/// More maps than a program can have: `MAX_USED_MAPS` of Linux is 64.
const MAPS: usize = 64;

/// A program, as the kernel sees it.
pub(super) struct Seen {
    pub(super) id: u32,
    pub(super) kind: ProgramType,
    /// The number of the kernel's function that it is for; 0 for none.
    pub(super) of_function: u32,
    /// What its function is called.
    pub(super) function: String,
    /// Nothing where it does not say what it is.
    pub(super) running: Option<Running>,
}

/// The program with this number.
pub(super) fn program(id: u32) -> Result<OwnedFd, KernelError> {
    Program::fd_from_id(id).map_err(|error| refused(&error))
}

fn refused(error: &Error) -> KernelError {
    if error.kind() == ErrorKind::PermissionDenied {
        let cure = refusal::permission_to_look();
        return KernelError::System(format!("the program that is attached cannot be looked at\n  {cure}"));
    }
    system(error)
}

/// Looks at a program.
pub(super) fn see(program: &OwnedFd) -> Result<Seen, KernelError> {
    let mut maps = [0_u32; MAPS];
    let mut function = bpf_func_info::default();
    let mut info = bpf_prog_info {
        nr_map_ids: MAPS as u32,
        map_ids: maps.as_mut_ptr() as u64,
        nr_func_info: 1,
        func_info_rec_size: size_of::<bpf_func_info>() as u32,
        func_info: &raw mut function as u64,
        ..Default::default()
    };
    let mut size = size_of::<bpf_prog_info>() as u32;
    // SAFETY: the program is open; the struct has the size that is said, and points to as much room as it says.
    let status =
        unsafe { libbpf_sys::bpf_prog_get_info_by_fd(program.as_raw_fd(), &raw mut info, &raw mut size) };
    if status != 0 {
        return Err(system(&Error::from_raw_os_error(-status)));
    }
    let bytes: Vec<u8> = info.name.iter().map(|letter| *letter as u8).take_while(|byte| *byte != 0).collect();
    let mut seen = Seen {
        id: info.id,
        kind: ProgramType::from(info.type_),
        of_function: info.attach_btf_id,
        function: String::from_utf8_lossy(&bytes).into_owned(),
        running: None,
    };
    if info.btf_id == 0 {
        return Ok(seen);
    }
    let types = Btf::from_prog_id(info.id).map_err(|error| refused(&error))?;
    // The kernel cuts names after 15 letters, its types have them whole.
    let whole = types.type_by_id::<BtfType<'_>>(TypeId::from(function.type_id)).and_then(|ty| ty.name());
    if let Some(whole) = whole.filter(|_| info.nr_func_info > 0) {
        seen.function = whole.to_string_lossy().into_owned();
    }
    let maps = &maps[..(info.nr_map_ids as usize).min(MAPS)];
    for id in maps {
        if let Some(running) = told(*id, info.btf_id, &types)? {
            seen.running = Some(running);
            break;
        }
    }
    Ok(seen)
}

/// What a map says, if it is the one.
fn told(id: u32, types_id: u32, types: &Btf<'_>) -> Result<Option<Running>, KernelError> {
    let map = MapHandle::from_map_id(id).map_err(|error| refused(&error))?;
    let info = map.info().map_err(|error| system(&error))?.info;
    if map.map_type() != MapType::Array || info.max_entries != 1 || info.btf_id != types_id {
        return Ok(None);
    }
    let Some(section) = types.type_by_id::<DataSec<'_>>(TypeId::from(info.btf_value_type_id)) else {
        return Ok(None);
    };
    let bytes = map.lookup(&0_u32.to_ne_bytes(), MapFlags::ANY).map_err(|error| system(&error))?;
    let bytes = bytes.unwrap_or_default();
    let value = |wanted: &str| {
        section.iter().find_map(|variable| {
            let name = types.type_by_id::<BtfType<'_>>(variable.ty)?.name()?.to_str()?;
            let start = variable.offset as usize;
            (name.strip_prefix(PREFIX)? == wanted).then(|| bytes.get(start..start + variable.size)).flatten()
        })
    };
    let text = |wanted: &str| {
        let bytes = value(wanted)?;
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        Some(String::from_utf8_lossy(&bytes[..end]).into_owned())
    };
    let running = || {
        Some(Running {
            contract: text("contract")?,
            version: text("version")?,
            generation: u64::from_ne_bytes(value("generation")?.try_into().ok()?),
        })
    };
    Ok(running())
}

/// What a program is, for people: `ingress` of `acme.filter` 1.0.0, generation 2 (program 34).
pub(super) fn show(seen: &Seen) -> String {
    let Seen { id, function, running, .. } = seen;
    match running {
        Some(Running { contract, version, generation }) => {
            format!("`{function}` of `{contract}` {version}, generation {generation} (program {id})")
        }
        None => format!("`{function}` (program {id})"),
    }
}

/// As much as can be found out of the program with this number.
pub(super) fn show_id(id: u32) -> String {
    program(id).and_then(|program| see(&program)).map_or_else(|_| format!("program {id}"), |seen| show(&seen))
}

/// Whether two are one and the same.
pub(super) fn is_same(one: &OwnedFd, other: &OwnedFd) -> bool {
    let id = |program: &OwnedFd| Program::id_from_fd(program.as_fd()).ok();
    id(one).is_some_and(|one| Some(one) == id(other))
}
