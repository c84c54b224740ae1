// The pen's board, revision A. The host finds the pen by the two USB strings.
#define MICROPY_HW_BOARD_NAME "Pen rev A"
#define MICROPY_HW_USB_MANUFACTURER_STRING "Open Microneedling Pen"
#define MICROPY_HW_USB_PRODUCT_FS_STRING "Microneedling Pen"

// A program that opens the port at 1200 baud must not drop a pen into its boot loader.
#define MICROPY_HW_USB_CDC_1200BPS_TOUCH (0)

// The records of hardware/board/rev_a.py (FLASH_RECORDS_BYTES): the last quarter of the flash.
#define MICROPY_HW_FLASH_STORAGE_BYTES (512 * 1024)
