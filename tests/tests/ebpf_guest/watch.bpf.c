/* Watches files. */
#include "test_watch.bpf.h"

static void count(void *map)
{
	__u32 key = 0;
	__u64 *count = bpf_map_lookup_elem(map, &key);

	if (count)
		__sync_fetch_and_add(count, 1);
}

SEC("lsm/file_open")
int may_open(void *ctx)
{
	if (refused == 0 || bpf_get_current_pid_tgid() >> 32 != refused)
		return 0;
	count(&opened);
	return -13; /* EACCES */
}

SEC("fentry/vfs_unlink")
int on_unlink(void *ctx)
{
	count(&unlinked);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
