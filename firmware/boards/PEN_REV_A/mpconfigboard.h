// The pen's board, revision A. The host finds the pen by the two USB strings.
#define MICROPY_HW_BOARD_NAME "Pen rev A"
#define MICROPY_HW_USB_MANUFACTURER_STRING "Open Microneedling Pen"
#define MICROPY_HW_USB_PRODUCT_FS_STRING "Microneedling Pen"

// The records of hardware/board/rev_a.py (FLASH_RECORDS_BYTES): the last quarter of the flash.
#define MICROPY_HW_FLASH_STORAGE_BYTES (512 * 1024)
