//! A loaded plugin, behind its contract's trait.
//!
//! In: a file, or a value that is linked in. Out: [`Plugin`], which is the trait object and keeps alive what it needs.
//! It does not know formats; the loaders do.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering};

use plugin_abi::{Contract, ExportOf, Instance, OnPanic, Plain, PluginFault, plain_bytes};
#[cfg(feature = "kernel")]
use plugin_contracts::kernel::{Carrier, HasHooks};

use plugin_abi::describe::ContractDesc;

use crate::LoadError;

/// One generation of a plugin: `Plugin<dyn Store>` is a `dyn Store`, wherever it comes from.
///
/// It is one generation for ever: what it lends stays valid while it lives. Dropping it destroys the plugin's object;
/// [`close`](Self::close) does so too and says whether that went well. The code of a loaded file stays mapped until the
/// process ends, because nobody can tell yet whether a thread of the plugin still runs in it.
pub struct Plugin<C: ?Sized + Contract> {
    // Dropped in this order: the stub's handle on the instance, then ours.
    object: Box<C>,
    instance: Option<Arc<Instance>>,
    live: Option<&'static AtomicIsize>,
    #[cfg(feature = "kernel")]
    carrier: Option<Arc<dyn Carrier>>,
}

impl<C: ?Sized + Contract> Plugin<C> {
    /// Loads a plugin without configuration.
    ///
    /// # Errors
    /// [`LoadError`]: the file is no plugin, does not fit the contract, or its constructor said no.
    ///
    /// # Safety
    /// The file is code and will run with this process's rights. What the note says of it is checked; what the code
    /// does cannot be. The file is not written to while it is loaded.
    pub unsafe fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        // SAFETY: the caller's promise is the same.
        unsafe { Self::options().load(path) }
    }

    /// Begins a load with configuration.
    pub fn options() -> Options<C> {
        Options { settings: Settings::default(), contract: PhantomData }
    }

    /// A value of this process as a plugin. Calls are plain trait calls, and a panic is a panic.
    #[must_use]
    pub fn linked<T>(value: T) -> Self
    where
        C: ExportOf<T>,
    {
        Self::of(C::boxed(value))
    }

    #[cfg(all(feature = "native", target_os = "linux"))]
    pub(crate) fn new(object: Box<C>, instance: Arc<Instance>, live: Option<&'static AtomicIsize>) -> Self {
        Self { instance: Some(instance), live, ..Self::of(object) }
    }

    /// An object that needs nothing beside it.
    fn of(object: Box<C>) -> Self {
        Self {
            object,
            instance: None,
            live: None,
            #[cfg(feature = "kernel")]
            carrier: None,
        }
    }

    #[cfg(all(feature = "ebpf", target_os = "linux"))]
    pub(crate) fn carried(object: Box<C>, carrier: Arc<dyn Carrier>) -> Self {
        Self { carrier: Some(carrier), ..Self::of(object) }
    }

    /// Where the contract's programs are attached. Only a plugin that an eBPF object carries has any: of all others each hook says
    /// that it is unsupported when it is attached, and its method is called instead.
    #[cfg(feature = "kernel")]
    #[must_use]
    pub fn hooks(&self) -> C::Hooks
    where
        C: HasHooks,
    {
        C::hooks(self.carrier.clone())
    }

    /// How many bytes of this host's memory the plugin's library has: all that lives in it, of this and any other instance,
    /// without what it gave to the host. Once every instance is dropped, what remains is lost, or kept for the next.
    ///
    /// Nothing for a plugin that has memory of its own: one whose export does not say `allocator = host`, or that is linked
    /// in.
    #[must_use]
    pub fn live_bytes(&self) -> Option<usize> {
        // Between the two halves of a move by another thread the sum may be below what is there.
        self.live.map(|live| live.load(Ordering::Relaxed).max(0).unsigned_abs())
    }

    /// The fault that poisoned the plugin, if one did: from then on every call is refused. Whether one does is said by
    /// [`Options::on_panic`].
    #[must_use]
    pub fn poison(&self) -> Option<&PluginFault> {
        self.instance.as_ref().and_then(|instance| instance.poison())
    }

    /// The plugin as an object of its contract, for whoever takes one: a spy, as `MockStore::wrapping_box`. It keeps alive what it
    /// needs; what is wrong with its destructor is printed to stderr, as when a plugin is dropped.
    #[must_use]
    pub fn into_box(self) -> Box<C> {
        self.object
    }

    fn is_linked(&self) -> bool {
        #[cfg(feature = "kernel")]
        if self.carrier.is_some() {
            return false;
        }
        self.instance.is_none()
    }

    /// Destroys the plugin's object. Dropping does the same, and prints to stderr what this returns.
    ///
    /// # Errors
    /// The object's destructor panicked; what it had not dropped by then is lost.
    pub fn close(self) -> Result<(), PluginFault> {
        let Self { object, instance, .. } = self;
        drop(object);
        instance.and_then(Arc::into_inner).map_or(Ok(()), Instance::destroy)
    }
}

impl<C: ?Sized + Contract> Deref for Plugin<C> {
    type Target = C;

    #[inline]
    fn deref(&self) -> &C {
        &self.object
    }
}

impl<C: ?Sized + Contract> DerefMut for Plugin<C> {
    #[inline]
    fn deref_mut(&mut self) -> &mut C {
        &mut self.object
    }
}

impl<C: ?Sized + Contract> fmt::Debug for Plugin<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plugin")
            .field("contract", &C::DESC.id)
            .field("linked", &self.is_linked())
            .field("poison", &self.poison())
            .finish()
    }
}

/// How a plugin is loaded.
#[must_use = "options do nothing until `load`"]
pub struct Options<C: ?Sized + Contract> {
    settings: Settings,
    contract: PhantomData<fn() -> Box<C>>,
}

/// What the options say, whatever the contract.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) config: Vec<(String, String)>,
    pub(crate) require_unwind: bool,
    pub(crate) on_panic: OnPanic,
    pub(crate) constants: Vec<Constants>,
    #[cfg(all(feature = "ebpf", target_os = "linux"))]
    pub(crate) pinned: Option<std::path::PathBuf>,
    #[cfg(all(feature = "ebpf", target_os = "linux"))]
    pub(crate) kept: Option<Arc<dyn Carrier>>,
    #[cfg(all(feature = "ebpf", target_os = "linux"))]
    pub(crate) generation: Option<u64>,
    #[cfg(all(feature = "ebpf", target_os = "linux"))]
    pub(crate) extended: Option<plugin_contracts::kernel::Hook>,
}

/// What a method under `#[config]` returns.
#[derive(Clone)]
pub(crate) struct Constants {
    pub(crate) method: String,
    /// The type's identity, within one compilation.
    id: u128,
    #[cfg(all(feature = "ebpf", target_os = "linux"))]
    pub(crate) bytes: Vec<u8>,
}

impl Settings {
    /// That each value is of the type that the contract says.
    fn check(&self, desc: &'static ContractDesc) -> Result<(), LoadError> {
        for given in &self.constants {
            let method = desc.methods.iter().find(|method| method.name == given.method);
            let found = match method {
                Some(method) if method.shape.role != "config" => {
                    "the method is not under `#[config]`".to_owned()
                }
                Some(method) if method.shape.ret.get().id != given.id => {
                    format!("they are a `{}`", method.shape.ret.get().name)
                }
                Some(_) => continue,
                None => "it has no such method".to_owned(),
            };
            return Err(LoadError::Constants { contract: desc.id, method: given.method.clone(), found });
        }
        Ok(())
    }
}

impl<C: ?Sized + Contract> Options<C> {
    /// Hands the constructor a value under this key; the last one given for a key counts.
    pub fn config(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.config.push((key.into(), value.into()));
        self
    }

    /// Sets what a method under `#[config]` returns, before the plugin starts: a kernel program has it among its constants, a
    /// native plugin finds it by `PluginContext::constants`. The last value given for a method counts.
    pub fn constants<T: Plain>(mut self, method: impl Into<String>, value: &T) -> Self {
        let (method, bytes) = (method.into(), plain_bytes(value));
        let (key, text) = plugin_abi::constants_pair(&method, bytes);
        self.settings.config.push((key, text));
        self.settings.constants.push(Constants {
            method,
            id: T::ID,
            #[cfg(all(feature = "ebpf", target_os = "linux"))]
            bytes: bytes.to_owned(),
        });
        self
    }

    /// Keeps what methods under `#[state]` return in this directory of a BPF file system, whoever lives or dies. State that is
    /// there already is used again, if its types are those of the contract, and else refused. A native plugin keeps its own state.
    #[cfg(all(feature = "ebpf", target_os = "linux"))]
    pub fn pin_state(mut self, directory: impl Into<std::path::PathBuf>) -> Self {
        self.settings.pinned = Some(directory.into());
        self
    }

    /// Shares the state of another plugin of the contract, which an eBPF object carries: what its methods under `#[state]` return
    /// are the same tables. So a program can take the place of another, by [`Link::replace`](plugin_contracts::kernel::Link::replace),
    /// and go on with what that has counted. Of any other plugin there is nothing to share.
    #[cfg(all(feature = "ebpf", target_os = "linux"))]
    pub fn sharing_state(mut self, with: &Plugin<C>) -> Self {
        self.settings.kept.clone_from(&with.carrier);
        self
    }

    /// Numbers the programs of an eBPF object, so that anybody can tell which one runs: `bpftool prog show` prints contract, version
    /// and generation, and [`Link::running`](plugin_contracts::kernel::Link::running) returns them. It is 0 when nothing is said, and
    /// no plugin but one in the kernel has it.
    #[cfg(all(feature = "ebpf", target_os = "linux"))]
    pub fn generation(mut self, generation: u64) -> Self {
        self.settings.generation = Some(generation);
        self
    }

    /// Says in which program the methods under `#[hook(freplace(function))]` take the place of functions: that of a hook of another
    /// plugin, of whatever contract. The kernel compares the functions' arguments when it loads them.
    #[cfg(all(feature = "ebpf", target_os = "linux"))]
    pub fn extending(mut self, hook: &plugin_contracts::kernel::Hook) -> Self {
        self.settings.extended = Some(hook.clone());
        self
    }

    /// Refuses a plugin that was built with `panic = "abort"`: a panic in it would end this process, and nobody could
    /// turn it into a fault.
    pub fn require_unwind(mut self) -> Self {
        self.settings.require_unwind = true;
        self
    }

    /// Says what happens after a panic of the plugin; [`OnPanic::Fail`] when nothing is said. Its caller hears of it in any
    /// case.
    pub fn on_panic(mut self, policy: OnPanic) -> Self {
        self.settings.on_panic = policy;
        self
    }

    /// Loads a plugin.
    ///
    /// # Errors
    /// As for [`Plugin::load`].
    ///
    /// # Safety
    /// As for [`Plugin::load`].
    pub unsafe fn load(self, path: impl AsRef<Path>) -> Result<Plugin<C>, LoadError> {
        let path = path.as_ref();
        self.settings.check(C::DESC)?;
        #[cfg(all(feature = "ebpf", target_os = "linux"))]
        if crate::ebpf::is_for_us(path) {
            return crate::ebpf::load(path, &self.settings);
        }
        #[cfg(all(feature = "native", target_os = "linux"))]
        {
            // SAFETY: the caller's promise is the same.
            unsafe { crate::native::load(path, self.settings) }
        }
        #[cfg(not(all(feature = "native", target_os = "linux")))]
        Err(LoadError::NoLoader { path: path.to_owned() })
    }
}
