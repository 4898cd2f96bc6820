//! A loaded object: its programs and maps, by the names of the contract's methods.
//!
//! In: what libbpf loaded, and the plan it was compared with. Out: a [`Carrier`] for the contract's skeleton. What it hands out has
//! the sizes of the contract, because nothing else was loaded.

use std::os::fd::{AsFd as _, OwnedFd};
use std::path::Path;
use std::sync::Arc;

use libbpf_rs::{MapCore as _, MapHandle};
use plugin_abi::kernel::HookKind;
use plugin_abi::{FaultKind, PluginFault};
use plugin_bpf::{MapKind, Object, Plan, ProgramKind};
use plugin_contracts::kernel::{Carrier, EventBytes, KernelError, Link, TableBytes};

use super::attach;
use super::events::{KernelEvents, Lost};
use super::link::{KernelLink, Wanted};
use super::log;
use super::policy::Policy;
use super::refusal::KernelRefusal;
use super::run;
use super::table::KernelTable;

pub(super) struct Loaded {
    name: String,
    contract: &'static str,
    programs: Vec<Program>,
    tables: Vec<(String, Arc<KernelTable>)>,
    policies: Vec<(String, Arc<Policy>)>,
    states: Vec<String>,
    events: Vec<(String, Arc<KernelEvents>)>,
    configs: Vec<(String, Vec<u8>)>,
    object: libbpf_rs::Object,
    /// The program in which some of these take the place of functions.
    extended: Option<OwnedFd>,
}

struct Program {
    method: String,
    /// What the function is called in C.
    name: String,
    fd: Arc<OwnedFd>,
    hook: Option<&'static HookKind>,
}

impl Loaded {
    pub(super) fn new(
        name: &str,
        contract: &'static str,
        plan: &Plan,
        object: &Object,
        loaded: libbpf_rs::Object,
        configs: Vec<(String, Vec<u8>)>,
        extended: Option<OwnedFd>,
    ) -> Result<Self, KernelRefusal> {
        let failed = |error: String| KernelRefusal::System {
            said: error,
            cure:
                "the object was loaded, and cannot be used: raise the number of files this process may open"
                    .to_owned(),
        };
        let mut programs = Vec::new();
        for program in &plan.programs {
            let Some(found) = loaded.progs().find(|found| found.name() == program.name.as_str()) else {
                continue;
            };
            let hook = match program.kind {
                ProgramKind::Hook(kind) => Some(kind),
                ProgramKind::Call(_) => None,
            };
            let fd = found.as_fd().try_clone_to_owned().map_err(|error| failed(error.to_string()))?;
            let (method, name) = (program.method.clone(), program.name.clone());
            programs.push(Program { method, name, fd: Arc::new(fd), hook });
        }
        // libbpf puts the object's name before a section's, and cuts a map's name nowhere on this side.
        let handle = |name: &str| {
            let found = loaded.maps().find(|map| {
                let found = map.name().to_string_lossy();
                if name.starts_with('.') { found.ends_with(name) } else { found == name }
            });
            let found = found.ok_or_else(|| failed(format!("the map `{name}` was not made")))?;
            MapHandle::try_from(&found).map_err(|error| failed(error.to_string()))
        };
        let (mut tables, mut policies, mut events) = (Vec::new(), Vec::new(), Vec::new());
        for map in &plan.maps {
            let found = handle(&map.name)?;
            if map.kind == MapKind::Policy {
                policies.push((map.method.clone(), Arc::new(Policy::new(found, handle(&map.first())?))));
                continue;
            }
            if !map.kind.is_events() {
                tables.push((map.method.clone(), Arc::new(KernelTable::new(found))));
                continue;
            }
            // Whoever does not use the header's functions counts nothing.
            let lost = match object.variable(&format!("{}_lost", map.name)) {
                Some(place) => Some(Lost {
                    map: handle(&place.section)?,
                    offset: usize::try_from(place.offset).unwrap_or(usize::MAX),
                }),
                None => None,
            };
            let size = plan.size(&map.value) as usize;
            let made = match map.kind {
                MapKind::Perf => KernelEvents::perf(&found, size, map.capacity, lost),
                _ => KernelEvents::ring(&found, size, lost),
            };
            events.push((map.method.clone(), Arc::new(made.map_err(|error| failed(error.to_string()))?)));
        }
        let states = plan.maps.iter().filter(|map| map.state).map(|map| map.method.clone()).collect();
        Ok(Self {
            name: name.to_owned(),
            contract,
            programs,
            tables,
            policies,
            states,
            events,
            configs,
            object: loaded,
            extended,
        })
    }

    fn program(&self, method: &str) -> Option<&Program> {
        self.programs.iter().find(|program| program.method == method)
    }

    /// The program of a hook.
    pub(super) fn hook(&self, method: &str) -> Option<(&'static HookKind, &Arc<OwnedFd>)> {
        let program = self.program(method)?;
        Some((program.hook?, &program.fd))
    }

    /// The program of a hook that something is asked of by its user.
    fn attachable(&self, method: &str) -> Result<(&Program, &'static HookKind), KernelError> {
        let program = self.program(method).ok_or_else(|| self.no_hook(method))?;
        Ok((program, program.hook.ok_or_else(|| self.no_hook(method))?))
    }

    fn no_hook(&self, method: &str) -> KernelError {
        KernelError::Unsupported(format!("`{method}` is no hook of the object {}", self.name))
    }

    /// The maps that survive their programs, by method.
    pub(super) fn states(&self) -> impl Iterator<Item = (&str, &KernelTable)> {
        self.tables
            .iter()
            .filter(|(method, _)| self.states.contains(method))
            .map(|(method, table)| (method.as_str(), &**table))
    }

    #[cold]
    fn fault(&self, kind: FaultKind, method: &'static str, message: &str) -> Box<PluginFault> {
        Box::new(PluginFault::new(kind, &self.name, self.contract, method, message))
    }
}

/// What a method's data is found by.
fn of<'a, T>(all: &'a [(String, T)], method: &str) -> &'a T {
    let found = all.iter().find(|(name, _)| name == method);
    &found.expect("the object was compared with the contract that asks").1
}

impl Carrier for Loaded {
    fn has(&self, method: &'static str) -> bool {
        self.program(method).is_some()
    }

    fn call(&self, method: &'static str, call: &mut [u8]) -> Result<(), Box<PluginFault>> {
        let Some(program) = self.program(method) else {
            return Err(self.fault(FaultKind::Unsupported, method, "the object has no such program"));
        };
        match run::call(&program.fd, call) {
            Ok(0) => Ok(()),
            Ok(other) => {
                let message =
                    format!("the program returned {}: a method's program returns 0", other.cast_signed());
                Err(self.fault(FaultKind::InvalidResult, method, &message))
            }
            Err(error) => Err(self.fault(
                FaultKind::Unsupported,
                method,
                &format!("the kernel did not run it: {error}"),
            )),
        }
    }

    fn run(&self, method: &'static str, packet: &[u8]) -> Result<u32, Box<PluginFault>> {
        let Some(program) = self.program(method) else {
            return Err(self.fault(FaultKind::Unsupported, method, "the object has no such program"));
        };
        if !program.hook.is_some_and(|kind| kind.takes_packet) {
            let message = "the kernel runs it where it is attached, and nowhere else";
            return Err(self.fault(FaultKind::Unsupported, method, message));
        }
        run::packet(&program.fd, packet).map_err(|error| {
            self.fault(
                FaultKind::Unsupported,
                method,
                &format!("the kernel did not run it on this packet: {error}"),
            )
        })
    }

    fn config(&self, method: &'static str) -> Vec<u8> {
        of(&self.configs, method).clone()
    }

    fn table(&self, method: &'static str) -> Arc<dyn TableBytes> {
        match self.policies.iter().find(|(name, _)| name == method) {
            Some((_, policy)) => Arc::clone(policy) as _,
            None => Arc::clone(of(&self.tables, method)) as _,
        }
    }

    fn events(&self, method: &'static str) -> Arc<dyn EventBytes> {
        Arc::clone(of(&self.events, method)) as _
    }

    fn attach(&self, method: &'static str, target: &str) -> Result<Link, KernelError> {
        let (program, kind) = self.attachable(method)?;
        let found = self.object.progs_mut().find(|found| found.name() == program.name.as_str());
        let found = found.ok_or_else(|| self.no_hook(method))?;
        // What libbpf prints of it is said by the error.
        let (link, _) = log::listening(|| attach::attach(&found, kind, target, self.extended.as_ref()));
        let cannot = |error: std::io::Error| KernelError::System(error.to_string());
        // Of libbpf's link only what is open stays: whether it is detached is for the kernel to say, which knows of pins.
        let link = link?.as_fd().try_clone_to_owned().map_err(cannot)?;
        Ok(Link::new(Box::new(KernelLink::new(link, kind, Arc::clone(&program.fd)))))
    }

    fn reopen(&self, method: &'static str, path: &Path) -> Result<Link, KernelError> {
        let (program, kind) = self.attachable(method)?;
        let found = self.object.progs().find(|found| found.name() == program.name.as_str());
        let attach_type = found.ok_or_else(|| self.no_hook(method))?.attach_type() as u32;
        let wanted = Wanted {
            contract: self.contract,
            function: &program.name,
            kind,
            attach_type,
            program: &program.fd,
        };
        Ok(Link::new(Box::new(KernelLink::reopen(path, &wanted)?)))
    }
}
