<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class VoucherTest extends TestCase
{
    public function testItWorks(): void
    {
        self::assertSame('Voucher', ucfirst(strtolower('Voucher')));
    }
}
