/* Finds its way in a struct of the kernel's that has another layout in each. */
#include "test_finder.bpf.h"
#include <bpf/bpf_core_read.h>

/* All that is known of it here: where the field is, the loader finds out. */
struct task_struct {
	__u32 tgid;
} __attribute__((preserve_access_index));

SEC("syscall")
int find(struct test_finder_find_call *call)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	call->result.tgid = BPF_CORE_READ(task, tgid);
	call->result.offset = bpf_core_field_offset(struct task_struct, tgid);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
