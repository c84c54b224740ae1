// Module pen_console: what the host has sent, as much of it as there is.
//
// MicroPython's own stream reads as many bytes as it is asked for, waiting for those that have not
// come, so Python had to ask for one at a time: 27 us each. Both functions run USB's task and never
// wait.

#include "py/mphal.h"
#include "py/obj.h"
#include "py/ringbuf.h"
#include "py/runtime.h"
#include "py/stream.h"

extern ringbuf_t stdin_ringbuf; // ports/rp2/mphalport.c

static bool any(void) {
    return mp_hal_stdio_poll(MP_STREAM_POLL_RD) & MP_STREAM_POLL_RD;
}

// arrived() -> bool: whether a byte can be read.
static mp_obj_t arrived(void) {
    return mp_obj_new_bool(any());
}
static MP_DEFINE_CONST_FUN_OBJ_0(arrived_obj, arrived);

// read_into(buffer) -> int: fill the buffer from its start with what has come; number of bytes.
static mp_obj_t read_into(mp_obj_t buffer) {
    mp_buffer_info_t into;
    mp_get_buffer_raise(buffer, &into, MP_BUFFER_WRITE);
    size_t count = 0;
    while (count < into.len && any()) {
        int byte = ringbuf_get(&stdin_ringbuf);
        if (byte < 0) {
            break; // what can be read is not in this queue: nothing of ours
        }
        ((uint8_t *)into.buf)[count++] = byte;
    }
    return MP_OBJ_NEW_SMALL_INT(count);
}
static MP_DEFINE_CONST_FUN_OBJ_1(read_into_obj, read_into);

static const mp_rom_map_elem_t globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_pen_console) },
    { MP_ROM_QSTR(MP_QSTR_arrived), MP_ROM_PTR(&arrived_obj) },
    { MP_ROM_QSTR(MP_QSTR_read_into), MP_ROM_PTR(&read_into_obj) },
};
static MP_DEFINE_CONST_DICT(globals, globals_table);

const mp_obj_module_t pen_console_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&globals,
};
MP_REGISTER_MODULE(MP_QSTR_pen_console, pen_console_module);
