//! A packet filter whose filter is a plugin: a value, a library, or a program in the kernel.

use std::error::Error;
use std::io::{Write as _, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};
use filter_contract::{DROP, Dropped, Filter, Limits, Port};
use filter_native::Native;
use packet_filter::{capture, replay};
use plugin_host::Plugin;

/// Filters packets by a plugin.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// The plugin: a library, or an eBPF object. When nothing is said, `replay` takes the one that is linked in, and `run` the object
    /// that was compiled with this program.
    #[arg(long, global = true, value_name = "FILE")]
    plugin: Option<PathBuf>,
    /// Drops packets to this UDP port; may be given again.
    #[arg(long = "drop", global = true, value_name = "PORT")]
    drops: Vec<u16>,
    /// Drops longer packets, in bytes; 0 lets all lengths pass.
    #[arg(long, global = true, value_name = "BYTES", default_value_t = 0)]
    max_len: u32,
}

#[derive(Subcommand)]
enum Command {
    /// Sends every packet of a capture through the filter.
    Replay {
        /// A pcap file of Ethernet frames.
        capture: PathBuf,
    },
    /// Attaches the filter to an interface, and prints what it drops.
    Run {
        /// The interface.
        interface: String,
        /// How long, in seconds.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let limits = Limits { max_len: arguments.max_len, generation: 1 };
    let compiled = matches!(arguments.command, Command::Run { .. }).then(compiled).flatten();
    let filter = open(arguments.plugin.as_deref().or(compiled), limits)?;
    let rules: Vec<_> =
        arguments.drops.iter().map(|port| (Port { number: *port, protocol: 17 }, DROP)).collect();
    filter.rules().replace_all(&rules)?;
    match &arguments.command {
        Command::Replay { capture } => {
            let report = replay(&*filter, &capture::read(capture)?)?;
            report.events.iter().try_for_each(print)?;
            writeln!(
                stdout(),
                "{} passed, {} dropped, {} not told",
                report.passed,
                report.dropped,
                report.lost
            )?;
        }
        Command::Run { interface, seconds } => {
            let link = filter.hooks().ingress().attach(interface)?;
            let (drops, until) = (filter.drops(), Instant::now() + Duration::from_secs(*seconds));
            while let Some(left) = until.checked_duration_since(Instant::now()) {
                if let Some(dropped) = drops.wait(left)? {
                    print(&dropped)?;
                }
            }
            link.detach()?;
        }
    }
    Ok(())
}

/// The object that was compiled with this program, if one was.
fn compiled() -> Option<&'static Path> {
    #[cfg(feature = "ebpf")]
    return Some(Path::new(packet_filter::OBJECT));
    #[cfg(not(feature = "ebpf"))]
    None
}

fn open(plugin: Option<&Path>, limits: Limits) -> Result<Plugin<dyn Filter>, plugin_host::LoadError> {
    match plugin {
        None => Ok(Plugin::linked(Native::with(limits))),
        // SAFETY: the file is code and will run with our rights; whoever names it on the command line vouches for it.
        Some(path) => unsafe { Plugin::options().constants("limits", &limits).load(path) },
    }
}

fn print(dropped: &Dropped) -> std::io::Result<()> {
    let Dropped { flow, len, reason } = dropped;
    let address = |octets: [u8; 4], port: u16| format!("{}:{port}", std::net::Ipv4Addr::from(octets));
    let (from, to) =
        (address(flow.source, flow.source_port), address(flow.destination, flow.destination_port));
    writeln!(stdout(), "dropped {from} -> {to}, {len} bytes, reason {reason}")
}
