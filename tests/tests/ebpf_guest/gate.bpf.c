/* Lets packets pass, or not: which, a function says that another program may take the place of. */
#include "test_gate.bpf.h"

__attribute__((noinline)) int decide(__u32 len)
{
	/* What it returns is not for its caller to know. */
	int answer = len > 100 ? XDP_DROP : XDP_PASS;

	asm volatile("" : "+r"(answer));
	return answer;
}

SEC("xdp")
int gate(struct xdp_md *ctx)
{
	return decide(ctx->data_end - ctx->data);
}

SEC("xdp")
int open(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
