//! The plugin in Zig. Its types are those of the header, translated; the export and the note are `entry.c`'s.

const c = @import("example_calculator");

var object: u8 = 0;

export fn calculator_open(_: [*c]const c.example_calculator_plugin_context, _: [*c]c.example_calculator_string) ?*anyopaque {
    return &object;
}

export fn calculator_close(_: ?*anyopaque) void {}

export fn calculator_add(_: ?*anyopaque, a: i32, b: i32, out: [*c]c.example_calculator_add_out) c.example_calculator_status {
    return c.example_calculator_add_return(out, a +% b);
}

comptime {
    // Whatever of these is not what the contract asks for does not compile.
    const add: *const c.example_calculator_add_fn = &calculator_add;
    _ = add;
}
