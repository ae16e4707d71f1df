<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class CustomerTest extends TestCase
{
    public function testItWorks(): void
    {
        self::assertSame('Customer', ucfirst(strtolower('Customer')));
    }
}
