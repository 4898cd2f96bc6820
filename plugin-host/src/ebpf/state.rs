//! State that survives its programs: maps that another plugin has, or that are pinned in a BPF file system.
//!
//! In: an object that is open and not loaded, and where its state is. Out: the same object, whose state is that. A map is used
//! again only when its types are the contract's, as the kernel tells them: it does not compare them itself.

use std::fs;
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;

use libbpf_rs::{MapCore as _, MapHandle};
use plugin_bpf::{KernelMap, Map, Plan, compare_map};

use super::bpffs;
use super::carrier::Loaded;
use super::refusal::KernelRefusal;

/// Where state is kept.
pub(super) struct State<'a> {
    /// The directory in a BPF file system.
    pub(super) pinned: Option<&'a Path>,
    /// A plugin whose state goes on.
    pub(super) kept: Option<&'a Loaded>,
}

impl State<'_> {
    /// Lets the object use what is there; says which maps are to be pinned once they are made.
    pub(super) fn reuse(
        &self,
        plan: &Plan,
        object: &mut libbpf_rs::OpenObject,
    ) -> Result<Vec<(String, PathBuf)>, KernelRefusal> {
        let mut to_pin = Vec::new();
        if let Some(directory) = self.pinned {
            bpffs::check(directory)
                .map_err(|said| KernelRefusal::System { said, cure: bpffs::MOUNT.to_owned() })?;
        }
        for map in plan.maps.iter().filter(|map| map.state) {
            let path = self.pinned.map(|directory| directory.join(pin_name(plan, map)));
            let kept = self.kept.and_then(|kept| kept.states().find(|(method, _)| *method == map.method));
            let found = match (kept, &path) {
                (Some((_, table)), _) => {
                    Some(MapHandle::try_from(table.map()).map_err(|error| refused(map, &error.to_string()))?)
                }
                (None, Some(path)) if path.exists() => Some(
                    MapHandle::from_pinned_path(path)
                        .map_err(|error| refused(map, &format!("{}: {error}", path.display())))?,
                ),
                (None, _) => None,
            };
            match found {
                Some(found) => {
                    check(plan, map, &found, path.as_deref())?;
                    let mut maps = object.maps_mut();
                    let mut wanted = maps
                        .find(|wanted| wanted.name() == map.name.as_str())
                        .ok_or_else(|| refused(map, "it is not in the object"))?;
                    wanted.reuse_fd(found.as_fd()).map_err(|error| refused(map, &error.to_string()))?;
                }
                None => to_pin.extend(path.map(|path| (map.name.clone(), path))),
            }
        }
        Ok(to_pin)
    }
}

/// Pins the maps that were made. When one cannot be, none stays.
pub(super) fn pin(object: &mut libbpf_rs::Object, to_pin: &[(String, PathBuf)]) -> Result<(), KernelRefusal> {
    for (at, (name, path)) in to_pin.iter().enumerate() {
        let pinned = object.maps_mut().find(|map| map.name() == name.as_str()).map(|mut map| map.pin(path));
        if !matches!(pinned, Some(Ok(()))) {
            for (_, path) in &to_pin[..at] {
                // What is not there any more need not be removed.
                let _ = fs::remove_file(path);
            }
            let said = pinned
                .and_then(Result::err)
                .map_or_else(|| "it was not made".to_owned(), |error| error.to_string());
            return Err(KernelRefusal::System {
                said: format!("{}: the state cannot be pinned: {said}", path.display()),
                cure: "another host may have pinned it just now: load again, and its state is used"
                    .to_owned(),
            });
        }
    }
    Ok(())
}

/// What a map's file is called: `acme_filter_counters`. A BPF file system takes no dots.
fn pin_name(plan: &Plan, map: &Map) -> String {
    format!("{}_{}", plan.prefix, map.name)
}

fn refused(map: &Map, said: &str) -> KernelRefusal {
    KernelRefusal::System {
        said: format!("the state `{}` cannot be used again: {said}", map.method),
        cure: "load without it to begin anew".to_owned(),
    }
}

/// Compares a map that is there with the contract.
fn check(plan: &Plan, map: &Map, found: &MapHandle, path: Option<&Path>) -> Result<(), KernelRefusal> {
    let info = found.info().map_err(|error| refused(map, &error.to_string()))?.info;
    let kernel_map = KernelMap {
        kind: info.type_,
        capacity: info.max_entries,
        key: info.btf_key_type_id,
        value: info.btf_value_type_id,
        btf: types(info.btf_id),
    };
    let drifts = compare_map(plan, map, &kernel_map).map_err(|why| refused(map, why))?;
    if drifts.is_empty() {
        return Ok(());
    }
    let place = path.map_or_else(|| "the state that is kept".to_owned(), |path| path.display().to_string());
    Err(KernelRefusal::State { place, drifts })
}

/// The types that the kernel keeps under this number; none when it keeps none.
fn types(id: u32) -> Vec<u8> {
    if id == 0 {
        return Vec::new();
    }
    // SAFETY: it takes any number, and says so when nothing has it.
    let Some(btf) = NonNull::new(unsafe { libbpf_sys::btf__load_from_kernel_by_id(id) }) else {
        return Vec::new();
    };
    let mut size = 0;
    // SAFETY: the types were loaded just now, for nobody else.
    let bytes = unsafe { libbpf_sys::btf__raw_data(btf.as_ptr(), &raw mut size) };
    let found = if bytes.is_null() {
        Vec::new()
    } else {
        // SAFETY: libbpf says how many bytes there are, and they live as long as the types.
        unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), size as usize) }.to_owned()
    };
    // SAFETY: nothing refers to them any more.
    unsafe { libbpf_sys::btf__free(btf.as_ptr()) };
    found
}
