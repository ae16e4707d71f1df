<?php

declare(strict_types=1);

namespace Acme\Shop\Tests;

use Acme\Shop\Voucher;
use PHPUnit\Framework\TestCase;

final class VoucherTest extends TestCase
{
    public function testItReduces(): void
    {
        self::assertSame(900, (new Voucher(10))->reduce(1000));
    }
}
