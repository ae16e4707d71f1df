<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class CatalogueTest extends TestCase
{
    public function testItWorks(): void
    {
        self::assertSame('Catalogue', ucfirst(strtolower('Catalogue')));
    }
}
