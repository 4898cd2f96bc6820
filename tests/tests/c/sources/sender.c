/* A host that makes a value of each kind that owns memory, sends it to a plugin in Rust, and drops what comes back. */

#define TEST_ECHO_HOST
#include "test_echo.h"

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition); \
            return 1; \
        } \
    } while (0)
#define ENDS_WELL(call) CHECK((call) == TEST_ECHO_STATUS_OK)

static test_echo_string text(const char *text) {
    return test_echo_make_string(text, strlen(text));
}

static int is(test_echo_string value, const char *text) {
    return value.len == strlen(text) && memcmp(value.ptr, text, value.len) == 0;
}

static test_echo_vec_remark remarks(void) {
    test_echo_vec_remark made = test_echo_make_vec_remark(3);
    made.ptr[0] = test_echo_make_remark_empty();
    made.ptr[1] = test_echo_make_remark_text(text("text"));
    made.ptr[2] = test_echo_make_remark_reply(test_echo_make_pair(7, text("to")), test_echo_make_vec_remark(0));
    return made;
}

static int send_boxes(test_echo_plugin *echo) {
    test_echo_chain_out chain;
    test_echo_remarks_out sent;
    test_echo_options_out options;
    test_echo_chain last = test_echo_make_chain(8, test_echo_make_option_box_chain_none());
    test_echo_chain first =
        test_echo_make_chain(7, test_echo_make_option_box_chain_some(test_echo_make_box_chain(last)));
    ENDS_WELL(test_echo_call_chain(echo, test_echo_make_box_chain(first), &chain));
    CHECK(chain.value.ptr->value == 7 && chain.value.ptr->next.value.ptr->value == 8);
    test_echo_drop_box_chain(&chain.value);

    ENDS_WELL(test_echo_call_remarks(echo, remarks(), &sent));
    CHECK(sent.value.len == 3 && sent.value.ptr[2].tag == TEST_ECHO_REMARK_REPLY);
    CHECK(((test_echo_remark_reply *)sent.value.ptr[2].ptr)->to._0 == 7);
    test_echo_drop_vec_remark(&sent.value);

    ENDS_WELL(test_echo_call_options(
        echo, test_echo_make_options(1, text("name"), test_echo_make_option_u128_none(), remarks()), &options));
    CHECK(options.value.tag == TEST_ECHO_ERR && options.value.as.err.tag == TEST_ECHO_REMARK_REPLY);
    test_echo_drop_result_options_remark(&options.value);

    /* An enum that knows more than the plugin: what it holds is given back by the side that made it. */
    {
        test_echo_vec_remark later = test_echo_make_vec_remark(1);
        later.ptr[0] = test_echo_make_remark_text(text("text"));
        later.ptr[0].tag = 99;
        ENDS_WELL(test_echo_call_remarks(echo, later, &sent));
        CHECK(sent.value.len == 1 && sent.value.ptr[0].tag == 99 && sent.value.ptr[0].fields == 0);
        test_echo_drop_vec_remark(&sent.value);
    }
    return 0;
}

static int send_others(test_echo_plugin *echo) {
    test_echo_map_out map;
    test_echo_shapes_out shapes;
    test_echo_many_out many;
    test_echo_path_out path;
    test_echo_u128_out wide;
    test_echo_text_out refused;
    static const uint16_t words[] = {1, 2, 3};
    test_echo_level level;
    test_echo_btree_map_string_bytes pairs = test_echo_make_btree_map_string_bytes(2);
    test_echo_vec_shape sent = test_echo_make_vec_shape(3);
    pairs.ptr[0].key = text("b");
    pairs.ptr[0].value = test_echo_make_bytes((const uint8_t *)"\1\2", 2);
    pairs.ptr[1].key = text("a");
    pairs.ptr[1].value = test_echo_make_bytes(NULL, 0);
    ENDS_WELL(test_echo_call_map(echo, pairs, &map));
    CHECK(map.value.len == 2 && is(map.value.ptr[0].key, "a") && map.value.ptr[1].value.len == 2);
    test_echo_drop_btree_map_string_bytes(&map.value);

    sent.ptr[0] = test_echo_make_shape_circle(1.5);
    sent.ptr[1] = test_echo_make_shape_box(3, test_echo_make_option_string_some(text("label")));
    sent.ptr[2] = test_echo_make_shape_tree(test_echo_make_tree(text("root"), test_echo_make_vec_tree(0)));
    ENDS_WELL(test_echo_call_shapes(echo, sent, &shapes));
    CHECK(shapes.value.ptr[0].as.circle == 1.5 && is(shapes.value.ptr[1].as.box.label.value, "label"));
    CHECK(is(shapes.value.ptr[2].as.tree.name, "root"));
    test_echo_drop_vec_shape(&shapes.value);

    level.tag = TEST_ECHO_LEVEL_HIGH;
    ENDS_WELL(test_echo_call_many(echo, 1, 2, 1, 0.5F, -4, 'f', test_echo_lend("g"),
                                  test_echo_make_slice_u16(words, 3), level, &many));
    CHECK(is(many.value, "1 2 true 0.5 -4 'f' \"g\" [1, 2, 3] High"));
    test_echo_drop_string(&many.value);

    ENDS_WELL(test_echo_call_path(echo, test_echo_make_path_buf("/tmp", 4), &path));
    test_echo_drop_path_buf(&path.value);
    ENDS_WELL(test_echo_call_u128(echo, (test_echo_u128)1 << 100, &wide));
    CHECK(wide.value == (test_echo_u128)1 << 100);

    /* The plugin checks too, and says so in words. */
    CHECK(test_echo_call_text(echo, test_echo_lend("\xff"), &refused) == TEST_ECHO_STATUS_ERROR);
    CHECK(is(refused.fault, "argument `value`: the text is not UTF-8"));
    test_echo_drop_string(&refused.fault);
    return 0;
}

int main(int argc, char **argv) {
    test_echo_plugin echo;
    test_echo_plugin_destroy_out end;
    CHECK(argc == 2);
    if (!test_echo_load(&echo, argv[1], NULL, 0)) {
        fprintf(stderr, "%s\n", echo.why);
        return 1;
    }
    if (send_boxes(&echo) != 0 || send_others(&echo) != 0) return 1;
    ENDS_WELL(test_echo_unload(&echo, &end));
    printf("all well\n");
    return 0;
}
