//! The emulated guest: it runs programs of this machine, says how they ended, and has another kernel.

use std::path::Path;

use plugin_tests::guest::Guest;

#[test]
fn a_program_runs_in_a_guest_with_its_files_and_its_exit_code() {
    let Some(guest) = Guest::found("a program") else { return };
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("a file");
    std::fs::write(&file, "read\n").unwrap();
    let script =
        "cat \"$1\"; uname -r; ls -1d /sys/fs/bpf /sys/kernel/btf/vmlinux; echo $WORD said >&2; exit 7";
    let ended = guest.run(
        Path::new("/bin/bash"),
        &["-c", script, "sh", file.to_str().unwrap()],
        &[("WORD", "it's")],
        &[&file],
    );
    let expected = format!("read\n{}\n/sys/fs/bpf\n/sys/kernel/btf/vmlinux\nit's said\n", guest.kernel());
    assert_eq!(ended.output, expected, "{}", ended.console);
    assert_eq!(ended.code, Some(7));
}

#[test]
fn a_guest_that_does_not_come_so_far_has_no_exit_code() {
    let Some(guest) = Guest::found("a reboot") else { return };
    let script = "echo b >/proc/sysrq-trigger; sleep 100";
    let ended = guest.run(Path::new("/bin/bash"), &["-c", script], &[], &[]);
    assert_eq!(ended.code, None, "{}", ended.output);
}
