<?php

declare(strict_types=1);

namespace Acme\Shop;

final class Voucher
{
    public function __construct(private readonly int $percent)
    {
    }

    public function reduce(int $cents): int
    {
        return intdiv($cents * (100 - $this->percent), 100);
    }
}
