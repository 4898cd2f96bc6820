/* Everything that `test.probe` asks for. */
#include "test_probe.bpf.h"

SEC("syscall")
int ask(struct test_probe_ask_call *call)
{
	call->result.first = call->small * call->factor;
	call->result.second = call->wide.inner.second + call->wide.tiny + number;
	__builtin_memcpy(call->result.bytes, call->wide.grid[1], 4);
	return 0;
}

SEC("syscall")
int agree(struct test_probe_agree_call *call)
{
	__u32 now = 0, count = 0;
	void *generation = bpf_map_lookup_elem(&policy, &now);

	if (!generation)
		return -1;
	for (__u32 key = 0; key < 64; key++) {
		__u64 *value = bpf_map_lookup_elem(generation, &key);

		count += value && *value == call->generation;
	}
	call->result = count;
	return 0;
}

SEC("syscall")
int tick(void *ctx)
{
	__u32 key = 0;
	__u64 *count = bpf_map_lookup_elem(&state, &key);

	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

SEC("syscall")
int tell(struct test_probe_tell_call *call)
{
	struct test_probe_wide event = {};

	for (__u32 at = 0; at < 4096 && at < call->count; at++) {
		event.word = call->from + at;
		seen_send(&event);
	}
	return 0;
}

SEC("syscall")
int fail(struct test_probe_fail_call *call)
{
	call->result = 7;
	return call->how;
}

SEC("xdp")
int ingress(struct xdp_md *ctx)
{
	__u8 *bytes = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct test_probe_wide event = {};

	if (bytes + 22 <= end && bytes[0] == 1) {
		__builtin_memcpy(&event.word, bytes + 14, 8);
		seen_perf_send(ctx, &event);
	}
	return ctx->data_end - ctx->data > 100 ? XDP_DROP : XDP_PASS;
}

SEC("tcx/ingress")
int classify(struct __sk_buff *ctx)
{
	/* TCX_DROP and TCX_NEXT, which older headers lack. */
	return ctx->len > 100 ? 2 : -1;
}

SEC("cgroup/connect4")
int connect(struct bpf_sock_addr *ctx)
{
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
