/* A host that calls a method of the contract, and one of what it is built on. */

#define FIXTURE_BOMB_HOST
#include "fixture_bomb.h"

int main(int argc, char **argv) {
    fixture_bomb_plugin bomb;
    fixture_bomb_plugin_destroy_out end;
    fixture_bomb_is_armed_out armed;
    fixture_bomb_explode_out exploded;
    if (argc != 2) return 2;
    if (!fixture_bomb_load(&bomb, argv[1], NULL, 0)) {
        printf("%s\n", bomb.why);
        return 1;
    }
    if (fixture_bomb_call_is_armed(&bomb, &armed) != FIXTURE_BOMB_STATUS_OK) return 3;
    printf("armed %d\n", (int)armed.value);
    if (fixture_bomb_call_explode(&bomb, &exploded) != FIXTURE_BOMB_STATUS_PANICKED) return 4;
    printf("explode: %.*s\n", (int)exploded.fault.len, (const char *)exploded.fault.ptr);
    fixture_bomb_drop_string(&exploded.fault);
    return fixture_bomb_unload(&bomb, &end) == FIXTURE_BOMB_STATUS_OK ? 0 : 5;
}
