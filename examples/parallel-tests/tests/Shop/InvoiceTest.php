<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class InvoiceTest extends TestCase
{
    public function testItWorks(): void
    {
        self::assertSame('Invoice', ucfirst(strtolower('Invoice')));
    }
}
