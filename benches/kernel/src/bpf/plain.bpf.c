/* Two programs and three maps, of kinds that every loader knows. */
#include "bench_plain.bpf.h"

static __always_inline struct bench_plain_seen seen_now(struct xdp_md *ctx)
{
	struct bench_plain_seen event = { .len = ctx->data_end - ctx->data };

	/* Last: what comes before is no part of the way. */
	event.at = bpf_ktime_get_ns();
	return event;
}

SEC("xdp")
int look(struct xdp_md *ctx)
{
	struct bench_plain_seen event = seen_now(ctx);

	seen_send(&event);
	return XDP_PASS;
}

SEC("xdp")
int look_perf(struct xdp_md *ctx)
{
	struct bench_plain_seen event = seen_now(ctx);

	seen_perf_send(ctx, &event);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
