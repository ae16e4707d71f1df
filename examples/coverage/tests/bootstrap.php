<?php

declare(strict_types=1);

// The example has no packages to install, so it loads its classes itself.
spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/../src/' . str_replace('\\', '/', substr($class, strlen('Acme\\Shop\\'))) . '.php';
    if (str_starts_with($class, 'Acme\\Shop\\') && is_file($file)) {
        require $file;
    }
});
