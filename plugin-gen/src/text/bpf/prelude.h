/* A program that reads the kernel's own structs includes its `vmlinux.h` before; any other needs nothing. */
#ifndef __VMLINUX_H__
#include <linux/bpf.h>
#endif
#include <bpf/bpf_helpers.h>
