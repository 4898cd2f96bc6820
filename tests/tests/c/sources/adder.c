/* A contract that is built on another: both are one table, and one prefix. */

#include "test_adder.h"

typedef struct adder {
    uint64_t number;
} adder;

static adder *new_adder(uint64_t number) {
    adder *self = (adder *)test_adder_allocate(1, sizeof *self);
    self->number = number;
    return self;
}

static void *adder_open(const test_adder_plugin_context *context, test_adder_string *why) {
    (void)context, (void)why;
    return new_adder(1);
}

static void adder_close(void *object) {
    free(object);
}

static uint64_t number_of(void *self) {
    return ((adder *)self)->number;
}

static uint64_t added(void *self, uint64_t more) {
    return ((adder *)self)->number += more;
}

static test_adder_status adder_number(void *self, test_adder_number_out *out) {
    return test_adder_number_return(out, number_of(self));
}

static test_adder_status adder_twice(void *self, test_adder_twice_out *out) {
    return test_adder_twice_return(out, 10 * number_of(self));
}

static test_adder_status adder_add(void *self, uint64_t more, test_adder_add_out *out) {
    return test_adder_add_return(out, added(self, more));
}

static test_adder_status adder_ask(void *self, test_adder_adder other, test_adder_ask_out *out) {
    test_adder_adder_number_out number;
    test_adder_adder_twice_out twice;
    test_adder_status status = test_adder_call_adder_number(&other, &number);
    (void)self;
    if (status != TEST_ADDER_STATUS_OK) return test_adder_failed(status, &number, out);
    status = test_adder_call_adder_twice(&other, &twice);
    if (status != TEST_ADDER_STATUS_OK) return test_adder_failed(status, &twice, out);
    return test_adder_ask_return(out, number.value + twice.value);
}

static test_adder_status object_number(void *self, test_adder_adder_number_out *out) {
    return test_adder_adder_number_return(out, number_of(self));
}

static test_adder_status object_twice(void *self, test_adder_adder_twice_out *out) {
    return test_adder_adder_twice_return(out, 10 * number_of(self));
}

static test_adder_status object_add(void *self, uint64_t more, test_adder_adder_add_out *out) {
    return test_adder_adder_add_return(out, added(self, more));
}

static test_adder_status object_ask(void *self, test_adder_adder other, test_adder_adder_ask_out *out) {
    (void)self, (void)other;
    return test_adder_adder_ask_return(out, 0);
}

static test_adder_status object_another(void *self, uint64_t number, test_adder_adder_another_out *out);

TEST_ADDER_ADDER_OBJECT(object, free, object);

static test_adder_status object_another(void *self, uint64_t number, test_adder_adder_another_out *out) {
    (void)self;
    return test_adder_adder_another_return(out, object_give(new_adder(number)));
}

static test_adder_status adder_another(void *self, uint64_t number, test_adder_another_out *out) {
    (void)self;
    return test_adder_another_return(out, object_give(new_adder(number)));
}

TEST_ADDER_PLUGIN(adder, "1.0.0", adder_open, adder_close, adder);
