<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class SearchTest extends TestCase
{
    public function testItWorks(): void
    {
        self::assertSame('Search', ucfirst(strtolower('Search')));
    }
}
