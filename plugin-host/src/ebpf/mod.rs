//! The loader of eBPF objects: compare first, load later.
//!
//! In: an object file and settings. Out: a [`Plugin`] whose methods are programs and maps of the kernel's, or why not. Everything up
//! to `Opened::load` only reads the file; what is refused there needed no rights.

mod attach;
mod bpffs;
mod carrier;
mod events;
mod link;
mod log;
mod policy;
mod refusal;
mod run;
mod running;
mod state;
mod table;
mod turns;

use std::any::Any;
use std::fs::File;
use std::io::Read as _;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::path::Path;
use std::sync::Arc;

use libbpf_rs::{ObjectBuilder, OpenObject};
use plugin_abi::Contract;
use plugin_abi::note::Record;
use plugin_bpf::{GENERATION, Object, Plan, Variable, compare};
use plugin_contracts::kernel::{Carrier, Skeleton};

use crate::plugin::{Constants, Settings};
use crate::{LoadError, Plugin};
use carrier::Loaded;
pub use refusal::KernelRefusal;
use state::State;

/// Whether the file is for this loader; no answer is no.
pub(crate) fn is_for_us(path: &Path) -> bool {
    let mut head = [0; 20];
    File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok() && Object::is_one(&head)
}

/// Loads a plugin from an object file.
pub(crate) fn load<C: ?Sized + Contract>(path: &Path, settings: &Settings) -> Result<Plugin<C>, LoadError> {
    let refused = |refusal| LoadError::Kernel { path: path.to_owned(), refusal: Box::new(refusal) };
    let desc = C::DESC;
    let record = Record::of_contract(desc);
    let plan = Plan::of(&record, &record.contracts[0]).map_err(KernelRefusal::NotCarried).map_err(refused)?;
    let skeleton = C::KERNEL.and_then(|skeleton| skeleton.downcast_ref::<Skeleton<C>>());
    let Some(Skeleton(implement)) = skeleton else {
        return Err(refused(KernelRefusal::NoSkeleton { contract: desc.id }));
    };
    let bytes = read(path)?;
    let object = Object::parse(&bytes).map_err(KernelRefusal::Object).map_err(refused)?;
    let drifts = compare(&plan, &object);
    if !drifts.is_empty() {
        return Err(refused(KernelRefusal::Differs { contract: desc.id, drifts }));
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let mut opened = Opened::open(&name, &bytes).map_err(refused)?;
    let mut configs = Vec::new();
    for config in &plan.configs {
        let given = settings.constants.iter().rfind(|given| given.method == config.method);
        configs
            .push((config.method.clone(), opened.configure(&plan, &object, config, given).map_err(refused)?));
    }
    if let Some(generation) = settings.generation {
        let place = object.variable(GENERATION).ok_or_else(|| refused(KernelRefusal::NoGeneration))?;
        let generation = generation.to_ne_bytes();
        let set = opened.constant(place, generation.len(), |value| value.copy_from_slice(&generation));
        set.ok_or_else(|| refused(KernelRefusal::NoGeneration))?;
    }
    let extended = settings.extended.as_ref().and_then(|hook| hook.carried());
    let extended = opened.extend(&plan, extended).map_err(refused)?;
    let kept = settings.kept.as_ref().map(|kept| {
        let kept: &dyn Any = &**kept;
        kept.downcast_ref::<Loaded>()
    });
    let state = State { pinned: settings.pinned.as_deref(), kept: kept.flatten() };
    let to_pin = state.reuse(&plan, &mut opened.object).map_err(refused)?;
    let (loaded, log) = opened.load();
    let mut loaded = match loaded {
        Ok(loaded) => loaded,
        Err(error) => return Err(refused(refusal::of_load(&error, &log))),
    };
    state::pin(&mut loaded, &to_pin).map_err(refused)?;
    let loaded = Loaded::new(&name, desc.id, &plan, &object, loaded, configs, extended).map_err(refused)?;
    let carrier: Arc<dyn Carrier> = Arc::new(loaded);
    Ok(Plugin::carried(implement(Arc::clone(&carrier)), carrier))
}

/// The whole file: its bytes are compared, and the very same ones are loaded.
fn read(path: &Path) -> Result<Vec<u8>, LoadError> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| LoadError::io(path, error))?;
    // One byte more than the largest, so that a larger one is refused by its size.
    file.take(Object::LARGEST as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| LoadError::io(path, error))?;
    Ok(bytes)
}

/// An object that libbpf has read, and the kernel has not seen.
struct Opened {
    object: OpenObject,
}

impl Opened {
    fn open(name: &str, bytes: &[u8]) -> Result<Self, KernelRefusal> {
        let open = || {
            let mut builder = ObjectBuilder::default();
            builder.name(name)?;
            builder.open_memory(bytes)
        };
        let (opened, log) = log::listening(open);
        let object = opened.map_err(|error| refusal::of_load(&error, &log))?;
        Ok(Self { object })
    }

    /// Sets constants, or leaves them as the source has them; says what they are.
    fn configure(
        &mut self,
        plan: &Plan,
        object: &Object,
        config: &plugin_bpf::Config,
        given: Option<&Constants>,
    ) -> Result<Vec<u8>, KernelRefusal> {
        let lost = || KernelRefusal::Constants { method: config.method.clone() };
        let place = object.variable(&config.name).ok_or_else(lost)?;
        let set = |value: &mut [u8]| {
            if let Some(given) = given {
                if given.bytes.len() != value.len() {
                    return None;
                }
                value.copy_from_slice(&given.bytes);
            }
            Some(value.to_owned())
        };
        self.constant(place, plan.size(&config.ty) as usize, set).flatten().ok_or_else(lost)
    }

    /// Says in which program functions are replaced, if some are.
    fn extend(
        &mut self,
        plan: &Plan,
        target: Option<(&Arc<dyn Carrier>, &'static str)>,
    ) -> Result<Option<OwnedFd>, KernelRefusal> {
        let mut extended = None;
        for program in plan.programs.iter().filter(|program| program.replaces_function()) {
            let no_target = || KernelRefusal::NoTarget { method: program.method.clone() };
            let (carrier, method) = target.ok_or_else(no_target)?;
            let carrier: &dyn Any = &**carrier;
            let loaded = carrier.downcast_ref::<Loaded>().ok_or_else(no_target)?;
            let (_, target) = loaded.hook(method).ok_or_else(no_target)?;
            // A method with a default body may be missing.
            let found = self.object.progs_mut().find(|found| found.name() == program.name.as_str());
            let Some(mut found) = found else { continue };
            let failed = |said: String| KernelRefusal::System {
                said: format!("`{}` cannot be made ready: {said}", program.method),
                cure: "raise the number of files this process may open".to_owned(),
            };
            found.set_attach_target(target.as_raw_fd(), None).map_err(|error| failed(error.to_string()))?;
            extended = Some(target.try_clone().map_err(|error| failed(error.to_string()))?);
        }
        Ok(extended)
    }

    /// Looks at the bytes of a constant, as they will be loaded.
    fn constant<T>(&mut self, place: &Variable, size: usize, look: impl FnOnce(&mut [u8]) -> T) -> Option<T> {
        // libbpf puts the object's name before the section's.
        let mut maps = self.object.maps_mut();
        let mut map = maps.find(|map| map.name().to_string_lossy().ends_with(&place.section))?;
        let start = usize::try_from(place.offset).ok()?;
        map.initial_value_mut()?.get_mut(start..start.checked_add(size)?).map(look)
    }

    /// The first that the kernel sees of it.
    fn load(self) -> (libbpf_rs::Result<libbpf_rs::Object>, String) {
        log::listening(|| self.object.load())
    }
}
