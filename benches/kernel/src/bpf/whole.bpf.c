/* Methods that are called, hooks at two places, a policy, constants and state. */
#include "bench_whole.bpf.h"

SEC("syscall")
int verdict(struct bench_whole_verdict_call *call)
{
	__u64 port = call->flow.destination_port;
	__u64 *rule = rules_lookup(&port);

	if (limit && call->len > limit) {
		call->result.action = XDP_DROP;
		call->result.reason = 2;
		return 0;
	}
	call->result.action = rule ? XDP_DROP : XDP_PASS;
	call->result.reason = rule ? 1 : 0;
	return 0;
}

static int tell_one(__u64 at, struct bench_whole_tell_call *call)
{
	struct bench_whole_seen event = { .number = call->from + at };

	seen_send_quietly(&event);
	return 0;
}

SEC("syscall")
int tell(struct bench_whole_tell_call *call)
{
	struct bench_whole_tell_call given = *call;

	/* A loop of its own would be walked by the verifier, step by step, in the load that is measured. */
	bpf_loop(given.count, tell_one, &given, 0);
	return 0;
}

SEC("xdp")
int look(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *counter = counters_lookup(&key);

	if (counter)
		__sync_fetch_and_add(counter, 1);
	return XDP_PASS;
}

SEC("tcx/ingress")
int classify(struct __sk_buff *ctx)
{
	/* TCX_NEXT, which older headers lack. */
	return -1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
