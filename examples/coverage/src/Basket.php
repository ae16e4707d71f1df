<?php

declare(strict_types=1);

namespace Acme\Shop;

final class Basket
{
    /** @var array<string, int> */
    private array $quantities = [];

    public function add(string $article, int $quantity = 1): void
    {
        if ($quantity < 1) {
            throw new \InvalidArgumentException('a basket holds whole articles');
        }
        $this->quantities[$article] = ($this->quantities[$article] ?? 0) + $quantity;
    }

    public function remove(string $article): void
    {
        unset($this->quantities[$article]);
    }

    /** @param array<string, int> $pricesInCents */
    public function totalInCents(array $pricesInCents): int
    {
        $total = 0;
        foreach ($this->quantities as $article => $quantity) {
            $total += $quantity * $pricesInCents[$article];
        }

        return $total;
    }
}
