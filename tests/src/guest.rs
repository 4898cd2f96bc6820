//! A machine with another kernel, emulated: it lets tests load what this kernel refuses, and has other structs.
//!
//! In: a program, and the files it reads. Out: what it wrote, and how it ended. The kernel is Debian's, brought by
//! `tests/guest/kernel.sh`; what is not here is named on stderr, and what needs it is skipped. It does not know eBPF.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Component, Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::compiler::skipped;
use crate::target;

/// How long a guest may run: emulated, it boots in seconds, and works at a tenth of the speed.
const PATIENCE: Duration = Duration::from_secs(300);

/// How the guest's last line begins.
const ENDED: &str = "guest: ended with ";

/// What the guest does: mounts what programs expect, runs the program with its output on a port of its own, and goes off.
const INIT: &str = "#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /tmp /run
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev
/bin/busybox mount -t bpf bpf /sys/fs/bpf
/bin/busybox mount -t tracefs tracefs /sys/kernel/tracing
/bin/busybox mount -t securityfs securityfs /sys/kernel/security
/bin/busybox --install -s /bin
for module in /modules/*; do insmod \"$module\"; done
export PATH=/bin HOME=/tmp TMPDIR=/tmp
sh /command >/dev/ttyS1 2>&1
echo \"guest: ended with $?\" >/dev/ttyS1
poweroff -f
";

/// An emulator, and a kernel for it.
#[derive(Debug)]
pub struct Guest {
    kernel: PathBuf,
    modules: Vec<PathBuf>,
}

/// How a program ended in a guest.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; nothing when the guest did not come so far.
    pub code: Option<i32>,
    /// What it wrote, to stdout and stderr.
    pub output: String,
    /// What the kernel wrote meanwhile.
    pub console: String,
}

impl Guest {
    /// The guest; nothing, and a line on stderr for what is skipped, when a part of it is missing.
    #[must_use]
    pub fn found(what: &str) -> Option<Self> {
        let directory = target().join("guest");
        let mut files: Vec<_> =
            fs::read_dir(&directory).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        files.sort();
        let is_kernel = |path: &PathBuf| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("vmlinuz-"))
        };
        let missing = if cfg!(not(target_arch = "x86_64")) {
            "its kernel is one for x86-64"
        } else if !runs("qemu-system-x86_64") {
            "qemu-system-x86_64 not found (Debian: qemu-system-x86)"
        } else if !Path::new("/bin/busybox").exists() {
            "/bin/busybox not found (Debian: busybox-static)"
        } else if !files.iter().any(is_kernel) {
            "no kernel: bash tests/guest/kernel.sh"
        } else {
            ""
        };
        if !missing.is_empty() {
            skipped(&format!("{what} in an emulated guest: {missing}"));
            return None;
        }
        let (kernels, modules) = files.into_iter().partition::<Vec<_>, _>(is_kernel);
        let modules =
            modules.into_iter().filter(|path| path.extension().is_some_and(|end| end == "ko")).collect();
        Some(Self { kernel: kernels.into_iter().next_back()?, modules })
    }

    /// The kernel's version, as its file says it.
    #[must_use]
    pub fn kernel(&self) -> String {
        let name = self.kernel.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.trim_start_matches("vmlinuz-").to_owned()
    }

    /// Boots, runs a program of this machine with these arguments and variables, and goes off. The program finds itself, the
    /// libraries it needs and these files where they are here, and a root directory that it may write to.
    ///
    /// # Panics
    /// A file cannot be read, or the emulator cannot be started.
    #[must_use]
    pub fn run(&self, program: &Path, args: &[&str], variables: &[(&str, &str)], files: &[&Path]) -> Ended {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let at = |name: &str| directory.path().join(name);
        let image = File::create(at("initrd")).expect("the directory is writable");
        let program = program.canonicalize().expect("the program is there");
        let quoted = |word: &str| format!("'{}'", word.replace('\'', "'\\''"));
        let exports = variables.iter().map(|(name, value)| format!("export {name}={}\n", quoted(value)));
        let name = program.to_string_lossy();
        let words = [&*name].into_iter().chain(args.iter().copied()).map(quoted);
        let command = exports.collect::<String>() + &words.collect::<Vec<_>>().join(" ") + "\n";
        self.pack(Archive::new(io::BufWriter::new(image)), &program, files, &command)
            .expect("its files can be read");
        let mut emulator = self.emulator(directory.path()).spawn().expect("the emulator starts");
        let in_time = ends_in(&mut emulator, PATIENCE);
        let text =
            |name: &str| String::from_utf8_lossy(&fs::read(at(name)).unwrap_or_default()).replace('\r', "");
        let (mut output, mut console) = (text("output"), text("console"));
        let ended = output.trim_end().rfind(ENDED);
        let code = ended.and_then(|at| output[at + ENDED.len()..].trim_end().parse().ok());
        output.truncate(ended.unwrap_or(output.len()));
        if !in_time {
            console += "\nThe guest did not end in time and was stopped.\n";
        }
        Ended { code, output, console }
    }

    fn emulator(&self, directory: &Path) -> Command {
        let file = |name: &str| format!("file:{}", directory.join(name).display());
        let mut emulator = Command::new("qemu-system-x86_64");
        emulator.args([
            "-accel",
            "tcg",
            "-cpu",
            "max",
            "-m",
            "768",
            "-smp",
            "1",
            "-nodefaults",
            "-no-reboot",
        ]);
        emulator.args(["-display", "none", "-serial", &file("console"), "-serial", &file("output")]);
        emulator.arg("-kernel").arg(&self.kernel).arg("-initrd").arg(directory.join("initrd"));
        emulator.args(["-append", "console=ttyS0 quiet panic=-1 rdinit=/init"]);
        emulator.stdin(Stdio::null()).stdout(Stdio::null());
        emulator
    }

    fn pack(
        &self,
        mut archive: Archive<impl Write>,
        program: &Path,
        files: &[&Path],
        command: &str,
    ) -> io::Result<()> {
        archive.file("/init", 0o755, INIT.as_bytes())?;
        archive.copy(Path::new("/bin/busybox"))?;
        for module in &self.modules {
            let name = module.file_name().unwrap_or_default().to_string_lossy();
            archive.file(&format!("/modules/{name}"), 0o644, &fs::read(module)?)?;
        }
        archive.copy(program)?;
        for library in libraries(program)? {
            archive.copy(&library)?;
        }
        for file in files {
            archive.copy(&std::path::absolute(file)?)?;
        }
        archive.file("/command", 0o644, command.as_bytes())?;
        archive.end()
    }
}

/// Whether there is such a program.
fn runs(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Waits, and ends what does not end by itself.
fn ends_in(child: &mut Child, patience: Duration) -> bool {
    let start = Instant::now();
    while start.elapsed() < patience {
        if child.try_wait().expect("it was started here").is_some() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().expect("it was started here");
    child.wait().expect("it was started here");
    false
}

/// The libraries that a program needs, and its loader, by ldd(1).
fn libraries(program: &Path) -> io::Result<Vec<PathBuf>> {
    let output = Command::new("ldd").arg(program).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let words = text.lines().flat_map(|line| line.split_whitespace().find(|word| word.starts_with('/')));
    Ok(words.map(PathBuf::from).collect())
}

/// An archive that the kernel unpacks as its first root (cpio(5), "New ASCII Format").
struct Archive<W> {
    to: W,
    written: usize,
    directories: BTreeSet<PathBuf>,
    number: usize,
}

impl<W: Write> Archive<W> {
    fn new(to: W) -> Self {
        Self { to, written: 0, directories: BTreeSet::new(), number: 0 }
    }

    /// A file of this machine, where it is here.
    fn copy(&mut self, path: &Path) -> io::Result<()> {
        let mode = fs::metadata(path)?.permissions().mode() & 0o777;
        self.file(&path.to_string_lossy(), mode, &fs::read(path)?)
    }

    fn file(&mut self, path: &str, mode: u32, bytes: &[u8]) -> io::Result<()> {
        let mut above = PathBuf::new();
        let parents = Path::new(path).parent().into_iter().flat_map(Path::components);
        for part in parents.filter(|part| matches!(part, Component::Normal(_))) {
            above.push(part);
            if self.directories.insert(above.clone()) {
                self.entry(&above.to_string_lossy(), 0o040_755, &[])?;
            }
        }
        self.entry(path.trim_start_matches('/'), 0o100_000 | mode, bytes)
    }

    fn end(mut self) -> io::Result<()> {
        self.entry("TRAILER!!!", 0, &[])?;
        self.to.flush()
    }

    fn entry(&mut self, name: &str, mode: u32, bytes: &[u8]) -> io::Result<()> {
        self.number += 1;
        // Magic; inode, mode, owner, group, links, time, size, four numbers of devices, the name's length, no checksum.
        let fields = [self.number, mode as usize, 0, 0, 1, 0, bytes.len(), 0, 0, 0, 0, name.len() + 1, 0];
        let fields: String = fields.iter().map(|field| format!("{field:08x}")).collect();
        self.put(format!("070701{fields}{name}\0").as_bytes())?;
        self.pad()?;
        self.put(bytes)?;
        self.pad()
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len();
        self.to.write_all(bytes)
    }

    /// Names and contents begin at multiples of four.
    fn pad(&mut self) -> io::Result<()> {
        self.put(&[0; 3][..self.written.next_multiple_of(4) - self.written])
    }
}
