// The pen's board, revision A. The host finds the pen by the two USB strings.
#define MICROPY_HW_BOARD_NAME "Pen rev A"
#define MICROPY_HW_USB_MANUFACTURER_STRING "Open Microneedling Pen"
#define MICROPY_HW_USB_PRODUCT_FS_STRING "Microneedling Pen"

// A program that opens the port at 1200 baud must not drop a pen into its boot loader.
#define MICROPY_HW_USB_CDC_1200BPS_TOUCH (0)

// The records of hardware/board/rev_a.py (FLASH_RECORDS_BYTES): the last quarter of the flash.
#define MICROPY_HW_FLASH_STORAGE_BYTES (512 * 1024)

// The locals of a function lie on a stack of their own. Without it MicroPython puts those of every
// larger function on the heap, and looking for a free place there took 0.3 ms a call.
#define MICROPY_ENABLE_PYSTACK (1)
#define MICROPY_BOARD_EARLY_INIT() \
    do { \
        static uint64_t pen_pystack[384]; /* 3 KB, of which 1.3 are used */ \
        mp_pystack_init(pen_pystack, pen_pystack + 384); \
    } while (0)

// Where a name was found the last time, by its number: the pen has ten times as many as the default
// is made for (128), and each wrong guess costs 2 us.
#define MICROPY_OPT_MAP_LOOKUP_CACHE_SIZE (1024)
