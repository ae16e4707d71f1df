<?php

declare(strict_types=1);

namespace Acme\Shop\Tests;

use Acme\Shop\Basket;
use PHPUnit\Framework\TestCase;

final class BasketTest extends TestCase
{
    public function testItAddsUp(): void
    {
        $basket = new Basket();
        $basket->add('tea', 2);
        $basket->add('cup');
        $basket->remove('cup');

        self::assertSame(700, $basket->totalInCents(['tea' => 350]));
    }

    public function testItHoldsWholeArticles(): void
    {
        $this->expectException(\InvalidArgumentException::class);
        (new Basket())->add('tea', 0);
    }
}
