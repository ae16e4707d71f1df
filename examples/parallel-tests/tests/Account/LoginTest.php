<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class LoginTest extends TestCase
{
    public function testItWorks(): void
    {
        self::assertSame('Login', ucfirst(strtolower('Login')));
    }
}
