# The pen's board, revision A: an RP2040 with 2 MB of flash, as on a Raspberry Pi Pico.
set(PICO_BOARD "pico")
set(PICO_PLATFORM "rp2040")
set(MICROPY_FROZEN_MANIFEST ${MICROPY_BOARD_DIR}/manifest.py)
set(MICROPY_SOURCE_BOARD ${MICROPY_BOARD_DIR}/pen_console.c)

# What the tick spends most of its time in, beside the port's own choice (map, vm, mpz): quick, not
# small.
foreach(file argcheck binary builtinimport cstack gc nativeglue nlrthumb obj objarray objclosure
        objfun objint objmodule objtype qstr runtime scheduler smallint)
    set_source_files_properties(${MICROPY_DIR}/py/${file}.c PROPERTIES COMPILE_OPTIONS "-O2")
endforeach()
