/* The packet filter as an XDP program: the same trait as the library's, in the kernel. */
#include "acme_filter.bpf.h"

#include <bpf/bpf_endian.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>

#define RULE 1
#define TOO_LONG 2
#define PASSED 0
#define DROPPED 1

static __always_inline struct acme_filter_verdict decide(const struct acme_filter_flow *flow, __u32 len)
{
	struct acme_filter_port port = { .number = flow->destination_port, .protocol = flow->protocol };
	struct acme_filter_verdict verdict = { .action = XDP_PASS };

	if (limits.max_len && len > limits.max_len) {
		verdict.action = XDP_DROP;
		verdict.reason = TOO_LONG;
		return verdict;
	}
	__u32 *action = rules_lookup(&port);
	if (action && *action == XDP_DROP) {
		verdict.action = XDP_DROP;
		verdict.reason = RULE;
	}
	return verdict;
}

static __always_inline void count(__u32 which)
{
	__u64 *counter = counters_lookup(&which);
	if (counter)
		__sync_fetch_and_add(counter, 1);
}

/* The flow of an Ethernet frame with IPv4 and TCP or UDP in it; says whether it is one. */
static __always_inline int read_flow(struct xdp_md *ctx, struct acme_filter_flow *flow)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *ethernet = data;
	struct iphdr *ip = (void *)(ethernet + 1);
	__be16 *ports = (void *)(ip + 1);

	if ((void *)(ports + 2) > end || ethernet->h_proto != bpf_htons(ETH_P_IP))
		return 0;
	/* No options: ports lie behind them, and nobody looks there. */
	if (ip->version != 4 || ip->ihl != 5)
		return 0;
	if (ip->protocol != IPPROTO_TCP && ip->protocol != IPPROTO_UDP)
		return 0;
	/* A fragment that is not the first has no ports. */
	if (ip->frag_off & bpf_htons(0x1fff))
		return 0;
	__builtin_memcpy(flow->source, &ip->saddr, 4);
	__builtin_memcpy(flow->destination, &ip->daddr, 4);
	flow->source_port = bpf_ntohs(ports[0]);
	flow->destination_port = bpf_ntohs(ports[1]);
	flow->protocol = ip->protocol;
	return 1;
}

SEC("xdp")
int ingress(struct xdp_md *ctx)
{
	struct acme_filter_dropped dropped = {};

	if (!read_flow(ctx, &dropped.flow)) {
		count(PASSED);
		return XDP_PASS;
	}
	dropped.len = (long)ctx->data_end - (long)ctx->data;
	struct acme_filter_verdict verdict = decide(&dropped.flow, dropped.len);
	if (verdict.action == XDP_PASS) {
		count(PASSED);
		return XDP_PASS;
	}
	count(DROPPED);
	dropped.reason = verdict.reason;
	drops_send(&dropped);
	return XDP_DROP;
}

SEC("syscall")
int verdict(struct acme_filter_verdict_call *call)
{
	struct acme_filter_flow flow = call->flow;

	call->result = decide(&flow, call->len);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
