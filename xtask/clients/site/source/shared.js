export const release = '@release@';
